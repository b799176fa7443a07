/** Which services are open at a moment, for a search. */
import { Prisma } from '../../../generated/prisma/client.ts'

/**
 * SQL whose rows are what is open in a network at a moment: `service_id`, and `location_id` of the place where it is open;
 * null when the service keeps hours of its own that no place has, such as a telephone line. A pair comes more than once
 * when several openings overlap, so ask whether one exists. Answered from the index of `opening` by weekday and minutes:
 * what is read grows with what is open then, not with the directory.
 */
export function openServices(networkId: string, moment: Date): Prisma.Sql {
  // Materialized: read once, whatever the planner makes of the rest.
  return Prisma.sql`
    WITH open_place AS MATERIALIZED (
      SELECT service_id, location_id FROM ${openPlaces(moment)}
      WHERE network_id = ${networkId}::uuid AND service_id IS NOT NULL)
    SELECT service_id, location_id FROM open_place`
}

/** SQL: the same of all networks, buildings included (`service_id` is null), to be restricted to single services or places. */
export function openPlaces(moment: Date): Prisma.Sql {
  // As text with its offset: a Date is sent without one, and would be read in the time zone of the session.
  return Prisma.sql`derived.open_places(${moment.toISOString()}::timestamptz)`
}
