/** Whether the process is alive, and whether it can serve. */
import type { Database } from '../database/connect.ts'
import { pendingMigrations } from '../database/migrate.ts'

export interface Health {
  status: 200 | 503
  body: { status: 'pass' | 'fail'; checks: Record<string, string> }
}

export function live(): Health {
  return { status: 200, body: { status: 'pass', checks: {} } }
}

/** Ready means: the database answers and has every migration. */
export async function ready(database: Database): Promise<Health> {
  try {
    const pending = await pendingMigrations(database)
    return pending.length === 0
      ? { status: 200, body: { status: 'pass', checks: { database: 'reachable', migrations: 'applied' } } }
      : {
          status: 503,
          body: { status: 'fail', checks: { database: 'reachable', migrations: `${pending.length} pending` } },
        }
  } catch {
    return { status: 503, body: { status: 'fail', checks: { database: 'unreachable' } } }
  }
}
