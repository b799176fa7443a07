/** What a network tells of itself. */
import type { Transaction } from '../../database/connect.ts'
import { expectVersion } from '../../database/expect-version.ts'
import { lockNetworkPatiently } from '../../database/lock-network.ts'
import { Refused } from '../../refused.ts'
import { placeInMunicipalities } from '../directory/place-in-municipalities.ts'
import { longestName, longestText, readWords, requireWords } from './words.ts'

export interface ToldNetwork {
  name: string
  description: string | null
  territoryName: string | null
}

/** Changes what is told; what is not stays. Service areas with the name of the territory cover all of it, so they follow. */
export async function changeNetwork(
  tx: Transaction,
  { id, version }: { id: string; version: number },
  told: Partial<ToldNetwork>,
): Promise<void> {
  // Before the row, as whoever imports does: otherwise each could wait for the other.
  if (told.territoryName !== undefined) await lockNetworkPatiently(tx, id)
  if (!(await expectVersion(tx, 'network', id, version))) refuseNetwork()
  const before = await tx.network.findUniqueOrThrow({ where: { id } })
  const { name, description, territoryName } = { ...before, ...told }
  const data = {
    name: requireWords('name', name, longestName),
    description: readWords('description', description, longestText),
    territoryName: readWords('territoryName', territoryName, longestName),
  }
  await tx.network.update({ where: { id }, data })
  if (data.territoryName !== before.territoryName) await placeInMunicipalities(tx, id)
}

/** What is not there is told like what somebody else coordinates. */
export function refuseNetwork(): never {
  throw new Refused('NETWORK_UNKNOWN', 'network: you coordinate none with this id.', ['network'])
}
