/** How many services answer each of some need areas. */
import type { PrismaClient } from '../../generated/prisma/client.ts'

/** Counts by row key of the need area, areas below it left out; an area that none answers is absent. */
export async function countServicesOf(prisma: PrismaClient, needAreaIds: readonly string[]) {
  const counted = await prisma.serviceNeedArea.groupBy({
    by: 'needAreaId',
    where: { needAreaId: { in: [...needAreaIds] } },
    _count: true,
  })
  return new Map(counted.map(({ needAreaId, _count }) => [needAreaId, _count]))
}
