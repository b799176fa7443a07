/** `audit verify`: tells whether the log of what was done is as it was recorded. */
import { type Command, InvalidArgumentError } from 'commander'
import { verifyAudit } from '../domains/trace/verify-audit.ts'
import { foundCode } from './exit-codes.ts'
import { withMigrated } from './open-database.ts'

export function addAudit(program: Command): void {
  program
    .command('audit')
    .description('the log of what was done')
    .command('verify')
    .description(`tell whether the log is as it was recorded; ends with exit code ${foundCode} when it is not`)
    .option(
      '--anchor <hash>',
      'a hash told earlier, and kept elsewhere: shows that nothing since was cut off',
      readHash,
    )
    .action(({ anchor }: { anchor?: string }) =>
      withMigrated(async ({ prisma }) => {
        const { count, last, fault } = await verifyAudit(prisma, anchor)
        const entries = count === 1 ? '1 entry' : `${count} entries`
        if (fault === undefined) {
          console.log(
            last === null ? 'The log is empty.' : `The log is whole: ${entries}, the last with the hash\n${last}`,
          )
          return
        }
        console.error(
          `The log is not what was recorded: entry ${fault.position} ${fault.reason}. Before it, ${entries} fit. ` +
            'Compare with a copy of the database, and find out who could write there.',
        )
        process.exitCode = foundCode
      }),
    )
}

function readHash(text: string): string {
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase()
  throw new InvalidArgumentError('Use the 64 characters that `audit verify` told.')
}
