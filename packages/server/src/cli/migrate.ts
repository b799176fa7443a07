/** `migrate`: brings the schema of the database up to date. */
import type { Command } from 'commander'
import { applyMigrations, pendingMigrations } from '../database/migrate.ts'
import { withDatabase } from './open-database.ts'

export function addMigrate(program: Command): void {
  program
    .command('migrate')
    .description('bring the schema of the database up to date')
    .action(() =>
      withDatabase(async (database) => {
        const pending = await pendingMigrations(database)
        const applied = pending.length === 0 ? [] : await applyMigrations(database)
        console.log(applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`)
      }),
    )
}
