/** `export`: exports a directory. */
import { type Command, Option } from 'commander'
import { type ExportFormat, exportDirectory } from '../domains/directory/export/export-directory.ts'
import { describeCounts } from '../terminal/describe-changes.ts'
import { findNetwork } from './find-named.ts'
import { withMigrated } from './open-database.ts'
import { readSlug } from './read-options.ts'

export function addExport(program: Command): void {
  program
    .command('export')
    .description('export a directory as HSDS 3.1, to a folder that `import` reads')
    .requiredOption('--network <slug>', 'the network to export', readSlug)
    .addOption(
      new Option('--format <format>', 'documents, or one table a kind')
        .choices(['hsds-json', 'hsds-csv'])
        .makeOptionMandatory(),
    )
    .requiredOption('--out <folder>', 'folder to write; nothing is overwritten')
    .action((options: { network: string; format: ExportFormat; out: string }) =>
      withMigrated(async (database) => {
        const networkId = await findNetwork(database.prisma, options.network, false)
        const counts = await exportDirectory(database.prisma, {
          networkId,
          format: options.format,
          path: options.out,
          onFile: (file) => console.error(`wrote ${file}`),
        })
        console.log(`${options.network} is in ${options.out}:`)
        console.log(describeCounts(counts))
        const { demonstration } = await database.prisma.network.findUniqueOrThrow({ where: { id: networkId } })
        if (demonstration)
          console.error('These services are invented, and HSDS has no field to say so: say it yourself.')
      }),
    )
}
