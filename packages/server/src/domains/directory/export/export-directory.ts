/** Exports a directory as HSDS: everything that an import would need to make the same directory again. */
import type { PrismaClient } from '../../../generated/prisma/client.ts'
import { type EntityName, entityNames } from '../hsds/model.ts'
import { exportCsv } from './export-csv.ts'
import { exportJson } from './export-json.ts'
import { ExportRefused, writeFolder } from './write-folder.ts'

export type ExportFormat = 'hsds-json' | 'hsds-csv'

export interface ExportOptions {
  networkId: string
  format: ExportFormat
  /** The folder to write; it must not be there yet, or be empty. */
  path: string
  /** Told of each file that is finished. */
  onFile?: (file: string) => void
}

/** How many records of each kind were written; kinds without any are left out. */
export type ExportReport = Partial<Record<EntityName, number>>

/** How long an export may take, in milliseconds: a day. */
const limits = { timeout: 24 * 60 * 60_000, maxWait: 60_000 }

/**
 * Writes the directory of a network to a folder, as it is at one moment. The folder appears when it is whole.
 * Throws {@link ExportRefused}.
 */
export async function exportDirectory(prisma: PrismaClient, options: ExportOptions): Promise<ExportReport> {
  const { networkId, format, path, onFile } = options
  return writeFolder(path, (folder) =>
    prisma.$transaction(async (tx) => {
      await tx.$executeRawUnsafe('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY')
      // Whatever is read here is found by an index, in its order. Of a table just filled the database has no statistics
      // yet, and would rather read and sort all of it for every batch.
      await tx.$executeRawUnsafe('SET LOCAL enable_seqscan = off')
      await tx.$executeRawUnsafe('SET LOCAL enable_sort = off')
      // Compiling a statement takes longer than any batch.
      await tx.$executeRawUnsafe('SET LOCAL jit = off')
      const counts = entityNames.map(
        (name) => `SELECT '${name}' AS name, count(*)::integer AS count FROM "${name}" WHERE network_id = $1::uuid`,
      )
      const rows = await tx.$queryRawUnsafe<{ name: EntityName; count: number }[]>(
        counts.join(' UNION ALL '),
        networkId,
      )
      const counted = new Map(rows.map(({ name, count }) => [name, count]))
      const present = entityNames.filter((name) => counted.get(name)! > 0)
      const report: ExportReport = Object.fromEntries(present.map((name) => [name, counted.get(name)]))
      if (present.length === 0)
        throw new ExportRefused('The directory of the network is empty: there is nothing to export.')
      const write = format === 'hsds-json' ? exportJson : exportCsv
      for await (const file of write(tx, networkId, folder, present)) onFile?.(file)
      return report
    }, limits),
  )
}
