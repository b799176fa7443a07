/** What a command names by its options, in the database. */
import type { Database, Transaction } from '../database/connect.ts'
import { rowId } from '../domains/directory/import/identify.ts'
import type { Survey } from '../generated/prisma/client.ts'
import { encodeGlobalId, parseGlobalId } from '../graphql/global-id.ts'
import { withMigrated } from './open-database.ts'
import { CommandRefused } from './tell-refusal.ts'

/** Row key of the network of this short name; throws {@link CommandRefused} where there is none, unless it is to be made. */
export async function findNetwork(tx: Transaction, slug: string, create: boolean): Promise<string> {
  const network = await tx.network.findUnique({ where: { slug } })
  if (network !== null) return network.id
  if (create) return (await tx.network.create({ data: { slug, name: slug } })).id
  throw new CommandRefused(`There is no network ${slug}. Correct the name, or create it with import … --create.`)
}

/** Opens the database for what is done with an organization of a network. */
export function withOrganization(
  { network, organization }: { network: string; organization: string },
  use: (database: Database, owner: { networkId: string; organizationId: string }) => Promise<void>,
): Promise<void> {
  return withMigrated(async (database) => {
    const networkId = await findNetwork(database.prisma, network, false)
    const organizationId = rowId(networkId, 'organization', organization)
    if ((await database.prisma.organization.findUnique({ where: { id: organizationId } })) === null) {
      throw new CommandRefused(
        `${network} has no organization ${organization}. Import it first, or correct the identifier.`,
      )
    }
    await use(database, { networkId, organizationId })
  })
}

/**
 * The survey that an organization runs, by its name or its global id; null where it has none of this name. Throws
 * {@link CommandRefused} where several have the name, or none the id.
 */
export async function findSurvey(
  tx: Transaction,
  owner: { networkId: string; organizationId: string },
  named: string,
): Promise<Survey | null> {
  const id = parseGlobalId(named)
  const isId = id?.typename === 'Survey'
  if (!isId && /^survey_/.test(named.trim())) {
    throw new CommandRefused(`${named} is no id of a survey. \`survey list\` tells those that are there.`)
  }
  const found = await tx.survey.findMany({
    where: { ...owner, ...(isId ? { id: id.id } : { name: named.trim() }) },
    orderBy: { id: 'asc' },
  })
  if (found.length > 1) {
    const ids = found.map(({ id }) => encodeGlobalId('Survey', id)).join(', ')
    throw new CommandRefused(
      `The organization has ${found.length} surveys of the name ${named}: ${ids}. Give the id of the one that is meant.`,
    )
  }
  if (isId && found.length === 0) {
    throw new CommandRefused(`The organization has no survey ${named}. \`survey list\` tells those that are there.`)
  }
  return found[0] ?? null
}
