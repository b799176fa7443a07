/** How a command that can't be carried out says so. */
import { ConfigError } from '../config.ts'
import { DatabaseUnavailable } from '../database/connect.ts'
import { FolderInUse } from '../database/lock-folder.ts'
import { MigrationsRefused } from '../database/migrate.ts'
import { ExportRefused } from '../domains/directory/export/write-folder.ts'
import { describeFlaw } from '../domains/survey/questionnaire/flaw.ts'
import { FlawsRefused } from '../domains/survey/refuse-flaws.ts'
import { Refused } from '../refused.ts'
import { SecretsUnavailable } from '../secrets.ts'
import { describeProblem, SourceRefused } from '../sources/problem.ts'

/** The command can't be carried out; the message says why and what to do. */
export class CommandRefused extends Error {}

const shownProblems = 50

/** What was refused in words; what was not expected with its place in the code. */
export function tellRefusal(error: unknown): void {
  if (error instanceof SourceRefused) {
    tellEach(error.problems.map(describeProblem))
    console.error(error.message)
    return
  }
  if (error instanceof FlawsRefused) {
    const { document, flaws } = error
    tellEach(flaws.map((flaw) => `${document}: ${describeFlaw(flaw)}`))
    console.error(
      `${flaws.length === 1 ? '1 problem' : `${flaws.length} problems`} in the ${document}. Nothing was imported.`,
    )
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

function tellEach(problems: readonly string[]): void {
  for (const problem of problems.slice(0, shownProblems)) console.error(problem)
  if (problems.length > shownProblems) console.error(`… and ${problems.length - shownProblems} more.`)
}
