/** How many statements are sent to the database, for a test that they don't grow with the rows. */
import type { PrismaClient } from '../generated/prisma/client.ts'

/** The same client, counting. */
export function countStatements(prisma: PrismaClient): { prisma: PrismaClient; count(): number } {
  let statements = 0
  const counting = prisma.$extends({
    query: {
      $allOperations: ({ args, query }) => {
        statements += 1
        return query(args)
      },
    },
  })
  // An extended client has all that the client has.
  return { prisma: counting as unknown as PrismaClient, count: () => statements }
}
