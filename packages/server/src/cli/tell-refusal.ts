/** How a command that can't be carried out says so. */
import { ConfigError } from '../config.ts'
import { DatabaseUnavailable } from '../database/connect.ts'
import { FolderInUse } from '../database/lock-folder.ts'
import { MigrationsRefused } from '../database/migrate.ts'
import { ExportRefused } from '../domains/directory/export/write-folder.ts'
import { Refused } from '../refused.ts'
import { SecretsUnavailable } from '../secrets.ts'
import { describeProblem, SourceRefused } from '../sources/problem.ts'

/** The command can't be carried out; the message says why and what to do. */
export class CommandRefused extends Error {}

const shownProblems = 50

/** What was refused in words; what was not expected with its place in the code. */
export function tellRefusal(error: unknown): void {
  if (error instanceof SourceRefused) {
    for (const problem of error.problems.slice(0, shownProblems)) console.error(describeProblem(problem))
    if (error.problems.length > shownProblems) console.error(`… and ${error.problems.length - shownProblems} more.`)
    console.error(error.message)
    return
  }
  const expected = [
    CommandRefused,
    ConfigError,
    DatabaseUnavailable,
    ExportRefused,
    FolderInUse,
    MigrationsRefused,
    Refused,
    SecretsUnavailable,
  ]
  console.error(expected.some((kind) => error instanceof kind) ? (error as Error).message : error)
}
