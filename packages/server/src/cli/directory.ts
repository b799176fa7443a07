/** `directory check`: lists what weakens a directory. */
import { type Command, Option } from 'commander'
import { countFindings, type Finding, listFindings } from '../domains/directory/check-directory.ts'
import type { FindingKind } from '../domains/directory/quality/weaknesses.ts'
import { describeFindings } from '../terminal/describe-findings.ts'
import { foundCode } from './exit-codes.ts'
import { findNetwork } from './find-named.ts'
import { withMigrated } from './open-database.ts'
import { readSlug } from './read-options.ts'

const shownFindings = 5

export function addDirectory(program: Command): void {
  program
    .command('directory')
    .description('the directory of a network')
    .command('check')
    .description(
      `list what weakens the directory, and what to do; ends with exit code ${foundCode} when something does`,
    )
    .requiredOption('--network <slug>', 'the network', readSlug)
    .addOption(
      new Option('--format <format>', 'for a person or for a program').choices(['text', 'json']).default('text'),
    )
    .action((options: { network: string; format: 'text' | 'json' }) =>
      withMigrated(async ({ prisma }) => {
        const networkId = await findNetwork(prisma, options.network, false)
        const counts = await countFindings(prisma, { networkId })
        const first = async (kind: FindingKind, size: number) =>
          (await listFindings(prisma, { networkId, kinds: [kind] }, { size, backward: false })).findings
        if (options.format === 'json') {
          const findings: Finding[] = []
          for (const { kind, count } of counts) findings.push(...(await first(kind, count)))
          console.log(JSON.stringify({ counts, findings }, null, 2))
        } else {
          const told: string[] = []
          for (const { kind, count } of counts)
            told.push(describeFindings(kind, count, await first(kind, shownFindings)))
          console.log(told.length === 0 ? 'Nothing weakens the directory.' : told.join('\n\n'))
        }
        if (counts.length > 0) process.exitCode = foundCode
      }),
    )
}
