/** Makes the databases that tests copy: one migrated and empty, one with the demonstration network. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { connect, type Database } from '../database/connect.ts'
import { applyMigrations } from '../database/migrate.ts'
import { loadDemonstration } from '../demonstration.ts'
import { onServer } from './postgres-server.ts'

export type Template = 'empty' | 'demonstration'

/** Where the templates are: names of databases on a server, or folders of embedded ones. */
export interface Templates {
  server: string | null
  places: Record<Template, string>
}

declare module 'vitest' {
  interface ProvidedContext {
    templates: Templates
  }
}

// One run of the suite has several projects, and each calls this: they share what the first of them made.
let made: Promise<Templates> | undefined
let users = 0

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  made ??= makeTemplates()
  users += 1
  const templates = await made
  project.provide('templates', templates)
  return async () => {
    users -= 1
    if (users === 0) await removeTemplates(templates)
  }
}

async function makeTemplates(): Promise<Templates> {
  const server = process.env.TEST_DATABASE_URL ?? null
  return server === null ? makeFolders() : makeDatabases(server)
}

async function makeFolders(): Promise<Templates> {
  const root = mkdtempSync(join(tmpdir(), 'welfare-network-test-'))
  const places = { empty: join(root, 'empty'), demonstration: join(root, 'demonstration') }
  await fill(await connect({ folder: places.empty }), applyMigrations)
  cpSync(places.empty, places.demonstration, { recursive: true })
  await fill(await connect({ folder: places.demonstration }), loadDemonstration)
  return { server: null, places }
}

async function makeDatabases(server: string): Promise<Templates> {
  const places = { empty: `welfare_empty_${process.pid}`, demonstration: `welfare_demonstration_${process.pid}` }
  await onServer(server, `CREATE DATABASE ${places.empty}`)
  await fill(await connect({ url: databaseUrl(server, places.empty) }), applyMigrations)
  await onServer(server, `CREATE DATABASE ${places.demonstration} TEMPLATE ${places.empty}`)
  await fill(await connect({ url: databaseUrl(server, places.demonstration) }), loadDemonstration)
  return { server, places }
}

async function fill(database: Database, work: (database: Database) => Promise<unknown>): Promise<void> {
  await work(database).finally(() => database.close())
}

async function removeTemplates({ server, places }: Templates): Promise<void> {
  for (const place of Object.values(places)) {
    if (server === null) rmSync(join(place, '..'), { recursive: true, force: true })
    else await onServer(server, `DROP DATABASE IF EXISTS ${place} WITH (FORCE)`)
  }
}

/** The address of another database of the same server. */
export function databaseUrl(server: string, name: string): string {
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}
