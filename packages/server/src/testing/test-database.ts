/** A database of a test's own: a copy of a template, on whichever database the suite runs. */
import { randomUUID } from 'node:crypto'
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { inject, onTestFinished } from 'vitest'
import { applicationRole, takeApplicationRole } from '../database/application-role.ts'
import { connect, type Database, type DatabasePlace, type Transaction } from '../database/connect.ts'
import { databaseUrl, type Template } from './global-setup.ts'
import { onServer } from './postgres-server.ts'

/** A new database, not opened yet, and how to remove it. */
export async function copyTemplate(template: Template): Promise<{ place: DatabasePlace; remove(): Promise<void> }> {
  const { server, places } = inject('templates')
  if (server !== null) {
    const name = `welfare_test_${randomUUID().replaceAll('-', '')}`
    await onServer(server, `CREATE DATABASE ${name} TEMPLATE ${places[template]}`)
    return {
      place: { url: databaseUrl(server, name) },
      remove: () => onServer(server, `DROP DATABASE ${name} WITH (FORCE)`),
    }
  }
  const folder = join(places[template], '..', randomUUID())
  cpSync(places[template], folder, { recursive: true })
  return { place: { folder }, remove: async () => rmSync(folder, { recursive: true, force: true }) }
}

/** Whether a test works as the role of the server, or as the owner of the tables. */
type As = 'application' | 'owner'

/** A new database; whoever opens it calls `close`, which removes it too. */
export async function openTestDatabase(template: Template, as: As = 'application'): Promise<Database> {
  const { place, remove } = await copyTemplate(template)
  if (as === 'owner') return removedOnClose(await connect(place), remove)
  const database = await connect({ ...place, role: applicationRole })
  await takeApplicationRole(database)
  return removedOnClose(database, remove)
}

/** The same, closed when the test ends. */
export async function databaseForTest(template: Template, as: As = 'application'): Promise<Database> {
  const database = await openTestDatabase(template, as)
  onTestFinished(() => database.close())
  return database
}

/**
 * Runs `work` in a transaction as the owner of the tables. Tests may: they came in by the owner's login, and laid its
 * rights down.
 */
export function asOwner<T>({ prisma }: Pick<Database, 'prisma'>, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return prisma.$transaction(async (tx) => {
    await tx.$executeRaw`SET LOCAL ROLE NONE`
    return work(tx)
  })
}

function removedOnClose(database: Database, remove: () => Promise<void>): Database {
  return {
    ...database,
    close: async () => {
      await database.close()
      await remove()
    },
  }
}
