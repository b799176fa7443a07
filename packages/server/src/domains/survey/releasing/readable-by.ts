/** Who reads the results of which people: of everybody, all; of one organization, its own, unless the plan says everyone. */
import type { Actor } from '../../../actor.ts'
import type { Prisma } from '../../../generated/prisma/client.ts'
import { readsOwnResults } from '../right-to-run.ts'
import type { Plan } from './plan.ts'

/** Whether the actor reads the results of an organization's people; of everybody, for null. */
export function readableBy(
  actor: Actor,
  { networkId, organizationId }: { networkId: string; organizationId: string | null },
  { companies }: Pick<Plan, 'companies'>,
): boolean {
  return organizationId === null || companies === 'everyone' || readsOwnResults(actor, { networkId, organizationId })
}

/** The rows that are of the people of an organization (of everybody, for null) and that the actor reads. */
export function readableRows(actor: Actor, organizationId: string | null) {
  if (organizationId === null) return { organizationId }
  const networks = networksOf(actor).filter((networkId) => readsOwnResults(actor, { networkId, organizationId }))
  return {
    organizationId,
    OR: [
      { networkId: { in: networks } },
      { release: { campaign: { plan: { path: ['companies'], equals: 'everyone' } } } },
    ],
  } satisfies Prisma.ResultTableWhereInput
}

function networksOf(actor: Actor): string[] {
  if (actor.kind === 'partner') return [actor.networkId]
  return actor.kind === 'staff' ? actor.roles.map(({ networkId }) => networkId) : []
}
