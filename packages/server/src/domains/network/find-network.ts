/** Which network is meant: the one of that name or, where none is named, the only one that there is. */
import type { Transaction } from '../../database/connect.ts'

export type FoundNetwork = { id: string } | 'none' | 'several'

export async function findNetwork(tx: Transaction, slug: string | undefined): Promise<FoundNetwork> {
  const where = slug === undefined ? {} : { slug }
  const [first, second] = await tx.network.findMany({ where, select: { id: true }, take: 2 })
  if (first === undefined) return 'none'
  return second === undefined ? first : 'several'
}
