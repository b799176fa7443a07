/** Ties locations and service areas to the municipalities of the network's territory, by the names they carry. */

import type { Transaction } from '../../database/connect.ts'
import { Prisma } from '../../generated/prisma/client.ts'

/** Sets the municipality of every location and service area that carries the name of one, or of the whole territory. */
export async function placeInMunicipalities(tx: Transaction, networkId: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE location SET municipality_code = town.istat_code
    FROM address JOIN (${towns()}) town ON plain_text(address.city) = town.plain
    WHERE address.location_id = location.id AND location.network_id = ${networkId}::uuid
      AND town.network_id = location.network_id AND address.address_type <> 'postal'
      AND location.municipality_code IS DISTINCT FROM town.istat_code`
  await tx.$executeRaw`
    UPDATE service_area area SET municipality_code = town.istat_code
    FROM (${towns()}) town
    WHERE area.network_id = ${networkId}::uuid AND town.network_id = area.network_id
      AND plain_text(area.name) = town.plain AND area.municipality_code IS DISTINCT FROM town.istat_code`
  await tx.$executeRaw`
    UPDATE service_area area SET whole_territory = NOT area.whole_territory
    FROM network
    WHERE area.network_id = ${networkId}::uuid AND network.id = area.network_id
      AND area.whole_territory IS DISTINCT FROM coalesce(plain_text(area.name) = plain_text(network.territory_name), false)`
}

function towns() {
  return Prisma.sql`
    SELECT place.network_id, place.istat_code, plain_text(municipality.name) AS plain
    FROM network_municipality place JOIN municipality USING (istat_code)`
}
