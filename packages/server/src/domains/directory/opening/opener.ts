/** Who may be open, and how the views of openings name it. */
import { Prisma } from '../../../generated/prisma/client.ts'

/** A service wherever it is given, a service at one location, or a building. */
export type Opener = 'service' | 'serviceAtLocation' | 'location'

/** SQL: the column that tells openers apart, and which rows of a view of places are theirs. */
export function restrictionOf(opener: Opener): { key: Prisma.Sql; is: (ids: readonly string[]) => Prisma.Sql } {
  switch (opener) {
    case 'service':
      return { key: Prisma.sql`service_id`, is: (ids) => Prisma.sql`service_id = ANY(${[...ids]}::uuid[])` }
    case 'serviceAtLocation':
      return {
        key: Prisma.sql`service_at_location_id`,
        is: (ids) => Prisma.sql`service_at_location_id = ANY(${[...ids]}::uuid[])`,
      }
    case 'location':
      return {
        key: Prisma.sql`location_id`,
        is: (ids) => Prisma.sql`service_id IS NULL AND location_id = ANY(${[...ids]}::uuid[])`,
      }
  }
}
