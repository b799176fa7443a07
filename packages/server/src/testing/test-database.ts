/** A database of a test's own: a copy of a template, on whichever database the suite runs. */
import { randomUUID } from 'node:crypto'
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { inject, onTestFinished } from 'vitest'
import { connect, type Database } from '../database/connect.ts'
import { databaseUrl, type Template } from './global-setup.ts'
import { onServer } from './postgres-server.ts'

/** A new database; whoever opens it calls `close`, which removes it too. */
export async function openTestDatabase(template: Template): Promise<Database> {
  const { server, places } = inject('templates')
  if (server !== null) {
    const name = `welfare_test_${randomUUID().replaceAll('-', '')}`
    await onServer(server, `CREATE DATABASE ${name} TEMPLATE ${places[template]}`)
    return removedOnClose(await connect({ url: databaseUrl(server, name) }), () =>
      onServer(server, `DROP DATABASE ${name} WITH (FORCE)`),
    )
  }
  const folder = join(places[template], '..', randomUUID())
  cpSync(places[template], folder, { recursive: true })
  return removedOnClose(await connect({ folder }), async () => rmSync(folder, { recursive: true, force: true }))
}

/** The same, closed when the test ends. */
export async function databaseForTest(template: Template): Promise<Database> {
  const database = await openTestDatabase(template)
  onTestFinished(() => database.close())
  return database
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
