/** Ties locations and service areas to the municipalities of the network's territory, by the names they carry. */
import type { Transaction } from '../../database/connect.ts'
import { Prisma } from '../../generated/prisma/client.ts'

/** Row keys of what is to be placed. */
interface Placed {
  locations: string[]
  serviceAreas: string[]
}

/**
 * Sets the municipality of every location and service area that carries the name of one, or of the whole territory: of the
 * whole network, or of those that are named.
 */
export async function placeInMunicipalities(tx: Transaction, networkId: string, only?: Placed): Promise<void> {
  const inNetwork = Prisma.sql`network_id = ${networkId}::uuid`
  const locations = only ? Prisma.sql`AND location.id = ANY(${only.locations}::uuid[])` : Prisma.empty
  const addresses = only ? Prisma.sql`AND address.location_id = ANY(${only.locations}::uuid[])` : Prisma.empty
  const areas = only ? Prisma.sql`AND area.id = ANY(${only.serviceAreas}::uuid[])` : Prisma.empty
  // A location with addresses in two towns is placed in the same one every time.
  await tx.$executeRaw`
    UPDATE location SET municipality_code = town.istat_code
    FROM location placed LEFT JOIN (
      SELECT DISTINCT ON (address.location_id) address.location_id, town.istat_code
      FROM address JOIN (${towns(networkId)}) town ON plain_text(address.city) = town.plain
      WHERE address.${inNetwork} AND address.address_type <> 'postal' ${addresses}
      ORDER BY address.location_id, town.istat_code) town ON town.location_id = placed.id
    WHERE placed.id = location.id AND location.${inNetwork} ${locations}
      AND location.municipality_code IS DISTINCT FROM town.istat_code`
  await tx.$executeRaw`
    UPDATE service_area area SET municipality_code = town.istat_code
    FROM service_area placed LEFT JOIN (${towns(networkId)}) town ON plain_text(placed.name) = town.plain
    WHERE placed.id = area.id AND area.${inNetwork} ${areas} AND area.municipality_code IS DISTINCT FROM town.istat_code`
  await tx.$executeRaw`
    UPDATE service_area area SET whole_territory = NOT area.whole_territory
    FROM network
    WHERE area.${inNetwork} ${areas} AND network.id = area.network_id
      AND area.whole_territory IS DISTINCT FROM coalesce(plain_text(area.name) = plain_text(network.territory_name), false)`
}

function towns(networkId: string) {
  return Prisma.sql`
    SELECT DISTINCT ON (plain_text(municipality.name)) place.istat_code, plain_text(municipality.name) AS plain
    FROM network_municipality place JOIN municipality USING (istat_code)
    WHERE place.network_id = ${networkId}::uuid ORDER BY plain_text(municipality.name), place.istat_code`
}
