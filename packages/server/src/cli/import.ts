/** `import`: imports a directory. */
import type { Command } from 'commander'
import { importLimits, importWithin } from '../domains/directory/import/import-directory.ts'
import { describeProblem } from '../sources/problem.ts'
import { describeChanges } from '../terminal/describe-changes.ts'
import { progressDisplay } from '../terminal/progress-display.ts'
import { leftOutCode } from './exit-codes.ts'
import { findNetwork } from './find-named.ts'
import { withMigrated } from './open-database.ts'
import { readSlug } from './read-options.ts'

export function addImport(program: Command): void {
  program
    .command('import')
    .description('import a directory: HSDS 3 JSON or CSV, or the HSDS 1 CSV folder of the Ohana API')
    .argument('<path>', 'file or folder')
    .requiredOption('--network <slug>', 'the network to import into', readSlug)
    .option('--create', 'create the network when there is none')
    .option('--skip-invalid', `leave out what is invalid, list it, and end with exit code ${leftOutCode}`)
    .option('--feed <name>', 'name of the source, where several give identifiers that are not UUIDs', 'directory')
    .action((path: string, options: { network: string; create?: true; skipInvalid?: true; feed: string }) =>
      withMigrated(async (database) => {
        const progress = progressDisplay()
        // One transaction: a network that was made for a source that is refused is not left behind.
        const report = await database.prisma
          .$transaction(async (tx) => {
            const networkId = await findNetwork(tx, options.network, options.create === true)
            return importWithin(tx, {
              path,
              networkId,
              feed: options.feed,
              demonstration: false,
              skipInvalid: options.skipInvalid === true,
              onProgress: progress.show,
            })
          }, importLimits)
          .finally(progress.end)
        // Searches are planned by what the tables hold, those too that were derived as the transaction ended.
        await database.prisma.$executeRaw`ANALYZE`
        console.log(
          `${report.layout}, ${report.files} ${report.files === 1 ? 'file' : 'files'}, into ${options.network}:`,
        )
        console.log(describeChanges(report.changes))
        if (report.leftOut.length === 0) return
        console.error(`Left out, ${report.leftOut.length} in all:`)
        for (const problem of report.leftOut) console.error(`  ${describeProblem(problem)}`)
        process.exitCode = leftOutCode
      }),
    )
}
