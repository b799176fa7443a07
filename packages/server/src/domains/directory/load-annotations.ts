/** Attributes and metadata, which may belong to records of any kind: fetched for all records of a request at once. */
import DataLoader from 'dataloader'
import type { Attribute, Metadata, PrismaClient } from '../../generated/prisma/client.ts'

export interface DirectoryLoaders {
  /** Attributes by the row key of what they describe. */
  attributes: DataLoader<string, Attribute[]>
  /** Changes by the row key of what was changed, oldest first. */
  metadata: DataLoader<string, Metadata[]>
}

/** New loaders for one request: what they remember lives no longer. */
export function directoryLoaders(prisma: PrismaClient): DirectoryLoaders {
  return {
    attributes: new DataLoader(async (ids) => {
      const rows = await prisma.attribute.findMany({
        where: { linkId: { in: [...ids] } },
        orderBy: [{ linkType: 'asc' }, { label: 'asc' }, { id: 'asc' }],
      })
      const byRecord = Map.groupBy(rows, (row) => row.linkId)
      return ids.map((id) => byRecord.get(id) ?? [])
    }),
    metadata: new DataLoader(async (ids) => {
      const rows = await prisma.metadata.findMany({
        where: { resourceId: { in: [...ids] } },
        orderBy: [{ lastActionDate: 'asc' }, { id: 'asc' }],
      })
      const byRecord = Map.groupBy(rows, (row) => row.resourceId)
      return ids.map((id) => byRecord.get(id) ?? [])
    }),
  }
}
