/** Sees every SQL statement that goes to the database. */
import type { SqlDriverAdapter, SqlQueryable, Transaction } from '@prisma/driver-adapter-utils'
import type { Database } from '../database/connect.ts'
import { PrismaClient } from '../generated/prisma/client.ts'

export interface WatchedClient {
  prisma: PrismaClient
  /** What was sent so far; empty it to count anew. */
  statements: string[]
}

/** Another client on the same database, which notes what it sends. End it with `$disconnect`. */
export function watchStatements({ adapters }: Database): WatchedClient {
  const statements: string[] = []
  const watched = {
    provider: adapters.provider,
    adapterName: adapters.adapterName,
    connect: async () => watch(await adapters.connect(), statements),
  }
  return { prisma: new PrismaClient({ adapter: watched }), statements }
}

function watch<T extends SqlQueryable>(queryable: T, statements: string[]): T {
  return new Proxy(queryable, {
    get(target, name) {
      const value = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      return (...parameters: unknown[]) => {
        if (name === 'queryRaw' || name === 'executeRaw') statements.push((parameters[0] as { sql: string }).sql)
        const result = value.apply(target, parameters)
        return name === 'startTransaction' ? watchTransaction(result, statements) : result
      }
    },
  })
}

async function watchTransaction(
  started: ReturnType<SqlDriverAdapter['startTransaction']>,
  statements: string[],
): Promise<Transaction> {
  return watch(await started, statements)
}
