/** `survey`: answers that were given elsewhere, and the release of results. */
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { anyone } from '../actor.ts'
import { readConfig } from '../config.ts'
import { byCompany } from '../domains/survey/disclosure/counted-tables.ts'
import { importResponses } from '../domains/survey/import-responses.ts'
import { readRelease } from '../domains/survey/releasing/read-release.ts'
import {
  releaseResults,
  requestRelease,
  type Verdict,
  verifyRelease,
} from '../domains/survey/releasing/release-results.ts'
import type { PrismaClient } from '../generated/prisma/client.ts'
import { encodeGlobalId, parseGlobalId } from '../graphql/global-id.ts'
import { readSecrets } from '../secrets.ts'
import { describeProblem } from '../sources/problem.ts'
import { describeThemes } from './describe-themes.ts'
import { leftOutCode } from './exit-codes.ts'
import { withOrganization } from './find-named.ts'
import { withMigrated } from './open-database.ts'
import { organization, readSlug } from './read-options.ts'
import { recordByOperator } from './record-by-operator.ts'
import { CommandRefused } from './tell-refusal.ts'

interface ImportOptions {
  network: string
  organization: string
  questionnaire: string
  mapping: string
  plan?: string
  name: string
  skipInvalid?: true
}

export function addSurvey(program: Command): void {
  const survey = program.command('survey').description('answers that were given elsewhere, and the release of results')

  survey
    .command('import-responses')
    .description('make a campaign of the answers in a CSV file, closed; how columns are read, a mapping says')
    .argument('<file>', 'CSV file')
    .requiredOption('--network <slug>', 'the network', readSlug)
    .requiredOption(...organization)
    .requiredOption('--questionnaire <file>', 'the questionnaire, as JSON')
    .requiredOption('--mapping <file>', 'which column is which question, as JSON')
    .option('--plan <file>', 'the release plan, as JSON; by company alone, each reading its own, without')
    .requiredOption('--name <name>', 'what to call the campaign')
    .option('--skip-invalid', `leave out what is invalid, list it, and end with exit code ${leftOutCode}`)
    .action((path: string, options: ImportOptions) =>
      withOrganization(options, async ({ prisma }, owner) => {
        const secrets = readSecrets(readConfig(process.env).secrets)
        const { name, skipInvalid = false } = options
        const given = {
          ...owner,
          ...{ name, path, skipInvalid },
          questionnaire: readJson(options.questionnaire),
          mapping: readJson(options.mapping),
          plan: options.plan === undefined ? byCompanyAlone : readJson(options.plan),
        }
        const report = await prisma.$transaction(
          async (tx) => {
            const report = await importResponses(tx, secrets, given, new Date())
            const { networkId } = owner
            await recordByOperator(tx, 'campaign.create', { networkId, recordKey: report.campaignId })
            return report
          },
          { timeout: 10 * 60_000 },
        )
        console.log(`${report.taken} answers, in the campaign ${shown(report.campaignId)}, closed:`)
        for (const { name, taken } of report.organizations) console.log(`  ${name}: ${taken}`)
        console.log(`Release what may be known: survey release-results ${shown(report.campaignId)}`)
        if (report.leftOut.length === 0) return
        console.error(`Left out, ${report.leftOut.length} in all:`)
        for (const problem of report.leftOut) console.error(`  ${describeProblem(problem)}`)
        process.exitCode = leftOutCode
      }),
    )

  survey
    .command('release-results')
    .description('release what may be known of a campaign that is closed; once, and for good')
    .argument('<campaign>', 'global id of the campaign')
    .action((campaign: string) =>
      withMigrated(async ({ prisma }) => {
        const { id, networkId } = await findCampaign(prisma, campaign)
        await requestRelease(prisma, id, new Date())
        await releaseResults(prisma, id, new Date(), (tx) =>
          recordByOperator(tx, 'release.create', { networkId, recordKey: id }),
        )
        const release = await prisma.release.findUniqueOrThrow({
          where: { campaignId: id },
          include: { tables: true },
        })
        const groups = release.tables.flatMap(({ results }) => results as { distribution: object }[])
        const released = groups.filter(({ distribution }) => 'value' in distribution)
        console.log(`${released.length} of ${groups.length} distributions; SHA-256 ${hex(release.hash!)}.`)
        const asked = { releaseId: release.id, organizationId: null, language: null }
        const read = await readRelease(prisma, anyone, asked)
        for (const line of read === null ? [] : describeThemes(read.release)) console.log(`  ${line}`)
      }),
    )

  survey
    .command('verify-release')
    .description(
      'compare a release with its hash, and compute it again from the answers; exit code 1 where it is another',
    )
    .argument('<campaign>', 'global id of the campaign')
    .action((campaign: string) =>
      withMigrated(async ({ prisma }) => {
        const { id } = await findCampaign(prisma, campaign)
        const verdict = await verifyRelease(prisma, id, new Date())
        if (verdict === 'altered' || verdict === 'other') throw new CommandRefused(verdicts[verdict])
        console.log(verdicts[verdict])
      }),
    )
}

const verdicts: Record<Verdict, string> = {
  same: 'The answers give this release, bit for bit.',
  altered:
    'What is stored of the release is not what was made: its hash is another. Restore it from a copy of the database.',
  other: 'What is stored is what was made, but the answers give another release: they were changed since.',
  forgotten:
    'What is stored is what was made. It can not be computed again: the answers were kept for their time, and are gone.',
  older:
    'What is stored is what was made, by an earlier version of disclosure control. To compute it again, run the version of that time.',
}

const byCompanyAlone = { recodes: [], tables: [[byCompany]], companies: 'own' }

function shown(campaignId: string): string {
  return encodeGlobalId('Campaign', campaignId)
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new CommandRefused(`${path}: ${(error as Error).message}. Check the path, and that it is JSON.`)
  }
}

async function findCampaign(prisma: PrismaClient, globalId: string): Promise<{ id: string; networkId: string }> {
  const read = parseGlobalId(globalId)
  const found =
    read?.typename === 'Campaign'
      ? await prisma.campaign.findUnique({ where: { id: read.id }, select: { id: true, networkId: true } })
      : null
  if (found === null) throw new CommandRefused(`${globalId}: there is no campaign with this id.`)
  return found
}
