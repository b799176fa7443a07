/** What a resolver may use: made once for each request. */
import type { PrismaClient } from '../generated/prisma/client.ts'

export interface Context {
  prisma: PrismaClient
  /** Identifier of the request, in the response's header and in every line logged for it. */
  requestId: string
}
