/** Whether the process is alive, and whether it can serve. */
import type { Database } from '../database/connect.ts'
import { MigrationsRefused, pendingMigrations } from '../database/migrate.ts'

export interface Health {
  status: 200 | 503
  body: { status: 'pass' | 'fail'; checks: Record<string, string> }
}

export function live(): Health {
  return { status: 200, body: { status: 'pass', checks: {} } }
}

/**
 * Ready means: the database answers and has every migration. One that is ahead of this version will do: while a new
 * version is rolled out, the servers of the old one go on.
 */
export async function ready(database: Database): Promise<Health> {
  try {
    const pending = await pendingMigrations(database)
    return pending.length === 0
      ? pass('applied')
      : fail({ database: 'reachable', migrations: `${pending.length} pending` })
  } catch (error) {
    if (!(error instanceof MigrationsRefused)) return fail({ database: 'unreachable' })
    return error.state === 'ahead' ? pass('ahead') : fail({ database: 'reachable', migrations: error.state })
  }
}

function pass(migrations: string): Health {
  return { status: 200, body: { status: 'pass', checks: { database: 'reachable', migrations } } }
}

function fail(checks: Record<string, string>): Health {
  return { status: 503, body: { status: 'fail', checks } }
}
