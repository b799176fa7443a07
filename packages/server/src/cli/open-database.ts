/** The database that the settings name, open for as long as a command works on it. */
import { readConfig } from '../config.ts'
import { connect, type Database } from '../database/connect.ts'
import { applyMigrations, pendingMigrations } from '../database/migrate.ts'
import { CommandRefused } from './tell-refusal.ts'

/** As it is, whatever migrations it lacks. */
export async function withDatabase(use: (database: Database) => Promise<void>): Promise<void> {
  const database = await connect(readConfig(process.env).database, applyMigrations)
  await use(database).finally(() => database.close())
}

/** An embedded database is migrated on the way; on PostgreSQL that is a command of its own. */
export function withMigrated(use: (database: Database) => Promise<void>): Promise<void> {
  return withDatabase(async (database) => {
    const pending = await pendingMigrations(database)
    if (pending.length > 0 && !database.embedded) {
      throw new CommandRefused(
        `The database lacks ${pending.length} migrations. Run \`pnpm welfare-network migrate\` first.`,
      )
    }
    if (pending.length > 0) await applyMigrations(database)
    await use(database)
  })
}
