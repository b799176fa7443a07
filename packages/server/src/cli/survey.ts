/** `survey`: questionnaires as files, answers that were given elsewhere, and the release of results. */
import { writeFileSync } from 'node:fs'
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
import { addSurveyVersion, createSurvey } from '../domains/survey/running/surveys.ts'
import type { PrismaClient } from '../generated/prisma/client.ts'
import { encodeGlobalId, parseGlobalId } from '../graphql/global-id.ts'
import { readSecrets } from '../secrets.ts'
import { describeProblem } from '../sources/problem.ts'
import { readJson } from '../sources/read-json.ts'
import { describeThemes } from './describe-themes.ts'
import { leftOutCode } from './exit-codes.ts'
import { findNetwork, findSurvey, withOrganization } from './find-named.ts'
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
  const survey = program
    .command('survey')
    .description('questionnaires as files, answers that were given elsewhere, and the release of results')

  survey
    .command('list')
    .description('list the surveys of a network, and their versions')
    .requiredOption('--network <slug>', 'the network', readSlug)
    .action(({ network }: { network: string }) =>
      withMigrated(async ({ prisma }) => {
        const surveys = await prisma.survey.findMany({
          where: { networkId: await findNetwork(prisma, network, false) },
          include: { organization: true, versions: { orderBy: { number: 'asc' }, omit: { document: true } } },
          orderBy: { id: 'asc' },
        })
        if (surveys.length === 0) console.log('It has no surveys.')
        for (const { id, name, organization, versions } of surveys) {
          console.log(`${encodeGlobalId('Survey', id)}  ${name}, of ${organization.name}`)
          for (const { id, number } of versions) console.log(`  ${number}: ${encodeGlobalId('SurveyVersion', id)}`)
        }
      }),
    )

  survey
    .command('add-version')
    .description('make a questionnaire the newest version of a survey, and the survey where there is none of this name')
    .argument('<file>', 'the questionnaire, as JSON')
    .requiredOption('--network <slug>', 'the network', readSlug)
    .requiredOption(...organization)
    .requiredOption('--survey <name>', 'what the survey is called, or its global id')
    .action((path: string, options: { network: string; organization: string; survey: string }) =>
      withOrganization(options, async ({ prisma }, owner) => {
        const { networkId } = owner
        const questionnaire = await readJson(path)
        const { survey, version } = await prisma.$transaction(
          async (tx) => {
            const known = await findSurvey(tx, owner, options.survey)
            if (known === null) {
              const survey = await createSurvey(tx, { ...owner, name: options.survey, questionnaire })
              await recordByOperator(tx, 'survey.create', { networkId, recordKey: survey.id })
              return { survey, version: survey.versions[0]! }
            }
            const version = await addSurveyVersion(tx, known, questionnaire)
            await recordByOperator(tx, 'survey_version.create', { networkId, recordKey: version.id })
            return { survey: known, version }
          },
          { timeout: 60_000 },
        )
        console.log(`${survey.name}, ${encodeGlobalId('Survey', survey.id)}:`)
        console.log(`  ${version.number}: ${encodeGlobalId('SurveyVersion', version.id)}`)
      }),
    )

  survey
    .command('export')
    .description('write the questionnaire of a version of a survey, as it is stored')
    .argument('<id>', 'global id of the version, or of the survey for its newest')
    .option('--out <file>', 'file to write, which is not there yet; standard output without')
    .action((id: string, { out }: { out?: string }) =>
      withMigrated(async ({ prisma }) => {
        const text = `${JSON.stringify(await findQuestionnaire(prisma, id), null, 2)}\n`
        if (out === undefined) process.stdout.write(text)
        else writeNew(out, text)
      }),
    )

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
          questionnaire: await readJson(options.questionnaire),
          mapping: await readJson(options.mapping),
          plan: options.plan === undefined ? byCompanyAlone : await readJson(options.plan),
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
        console.log(`Charts and tables: /releases/${encodeGlobalId('Release', release.id)}/themes.svg, results.csv, …`)
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

function writeNew(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx' })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    throw new CommandRefused(
      code === 'EEXIST'
        ? `${path} is there already, and nothing is overwritten. Give another file, or remove this one.`
        : `${path} can't be written (${code}). Give a file in a folder that this user may write, with room for it.`,
    )
  }
}

async function findQuestionnaire(prisma: PrismaClient, globalId: string): Promise<unknown> {
  const { typename, id } = parseGlobalId(globalId) ?? {}
  const isOne = id !== undefined && (typename === 'Survey' || typename === 'SurveyVersion')
  const where = isOne && (typename === 'Survey' ? { surveyId: id } : { id })
  const found = where ? await prisma.surveyVersion.findFirst({ where, orderBy: { number: 'desc' } }) : null
  if (found !== null) return found.document
  throw new CommandRefused(
    `${globalId}: there is no survey, and no version of one, with this id. \`survey list\` tells those that are there.`,
  )
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
