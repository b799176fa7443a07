/** `pnpm bench`: this server beside its peers, on a PostgreSQL of the run's own. See the README. */
import { connect } from '@welfare-network/server/src/database/connect.ts'
import { applyMigrations } from '@welfare-network/server/src/database/migrate.ts'
import { Command, InvalidArgumentError } from 'commander'
import { compare } from './compare.ts'
import { withDatabase } from './database.ts'
import { fillDirectory } from './fill-directory.ts'
import { tableOf, verdictsOf } from './report.ts'

const { rounds, queries, smoke } = new Command('bench')
  .description('Measures requests per second of this server and of its peers.')
  .option('--rounds <number>', 'how often every server answers every question', wholeNumber, 8)
  .option('--queries <names>', 'which questions, separated by commas', 'Q1,Q2,Q3')
  .option('--smoke', 'a small directory and a few requests: whether it works, not how fast', false)
  .parse()
  .opts<{ rounds: number; queries: string; smoke: boolean }>()

await withDatabase(async (url) => {
  const services = smoke ? 400 : 20_000
  tell(`Filling a database with ${services} services …`)
  const database = await connect({ url })
  await applyMigrations(database)
  await fillDirectory(database, services)
  await database.close()
  const results = await compare(url, {
    services,
    rounds: smoke ? 1 : rounds,
    share: smoke ? 0.02 : 1,
    questions: queries.split(','),
    tell,
  })
  console.log(`\n${tableOf(results)}\n`)
  const verdicts = verdictsOf(results, !smoke)
  for (const { text, passed } of verdicts) console.log(`${passed ? 'reached' : 'MISSED '}  ${text}`)
  if (verdicts.some(({ passed }) => !passed)) process.exitCode = 1
})

function tell(line: string): void {
  console.error(line)
}

function wholeNumber(text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('a whole number from 1 on')
  return number
}
