/** `pnpm bench:access`: what it costs to be known, and what the time of a refusal tells. See the README. */
import { connect } from '@welfare-network/server/src/database/connect.ts'
import { applyMigrations } from '@welfare-network/server/src/database/migrate.ts'
import { Command } from 'commander'
import { start } from '../requests/child.ts'
import { withDatabase } from '../requests/database.ts'
import { fillDirectory } from '../requests/fill-directory.ts'
import type { Load, Measured } from '../requests/load.ts'
import { median } from '../requests/report.ts'
import type { Told } from './server.ts'
import { type Answered, timeRefusals } from './time-refusals.ts'

const { rounds, smoke } = new Command('bench:access')
  .description('Measures what credentials cost, and how long each is refused for.')
  .option('--rounds <number>', 'how often everybody asks', Number, 64)
  .option('--smoke', 'a few requests: whether it works, not how fast', false)
  .parse()
  .opts<{ rounds: number; smoke: boolean }>()

/** The most that a request may cost, over one of nobody. */
const bars = { partner: 1.1, person: 1.35 }
/** The most by which refusals of one kind of key may differ. */
const mostDifference = 1.1

/** What a page of a person asks first; it reads the person's row, through row-level security. */
const ownRow = ['{ viewer { __typename ... on PersonViewer { seenIn } } }']
/** Few, and many rounds: what else the machine does at a moment then falls on all of a round. */
const requests = smoke ? 40 : 500
const keys = smoke ? 5 : 400

await withDatabase(async (url) => {
  const database = await connect({ url })
  await applyMigrations(database)
  await fillDirectory(database, 400)
  await database.close()
  const server = start('../access/server.ts', { DATABASE_URL: url, KEYS: String(keys) })
  const load = start('load.ts')
  try {
    const told = await server.hear<Told>()
    const verdicts = [...(await costOfCredentials(load, told)), ...refusalsTold(await timeRefusals(told))]
    console.log()
    for (const { text, passed } of verdicts) {
      console.log(smoke ? `measured  ${text}` : `${passed ? 'reached' : 'MISSED '}  ${text}`)
    }
    if (!smoke && verdicts.some(({ passed }) => !passed)) process.exitCode = 1
  } finally {
    await load.stop()
    await server.stop()
  }
})

interface Verdict {
  text: string
  passed: boolean
}

/** In each round everybody asks, and each round begins with another; a cost is a ratio within a round. */
async function costOfCredentials(load: ReturnType<typeof start>, told: Told): Promise<Verdict[]> {
  // As many different rows as there are connections and more: what asks for one row at once is asked once.
  const publicRow = told.services.map((id) => `{ viewer { __typename } service(id: "${id}") { name } }`)
  const callers: Record<string, { queries: string[]; credential?: string }> = {
    nobody: { queries: publicRow },
    partner: { queries: publicRow, credential: told.keys.right[0]! },
    person: { queries: ownRow, credential: told.person },
    'person, public row': { queries: publicRow, credential: told.person },
  }
  const names = Object.keys(callers)
  const measured = new Map<string, Measured[]>(names.map((name) => [name, []]))
  const run = async (name: string): Promise<Measured> => {
    const { queries, credential } = callers[name]!
    const bodies = queries.map((query) => JSON.stringify({ query }))
    const asked: Load = {
      port: told.port,
      path: '/graphql',
      bodies,
      requests,
      concurrency: 8,
      ...(credential && { credential }),
    }
    load.process.send(asked)
    return load.hear<Measured>()
  }
  for (let time = 0; time < (smoke ? 1 : 3); time += 1) for (const name of names) await run(name)
  for (let round = 0; round < (smoke ? 1 : rounds); round += 1) {
    const turned = names.map((_, place) => names[(place + round) % names.length]!)
    const order = Math.floor(round / names.length) % 2 === 0 ? turned : turned.toReversed()
    for (const name of order) measured.get(name)!.push(await run(name))
  }
  const costs = new Map(names.map((name) => [name, costOf(measured, name)]))
  console.log(
    tableOf(
      ['who asks', 'requests/s', 'p50 ms', 'p99 ms', 'cost'],
      names.map((name) => {
        const runs = measured.get(name)!
        return [
          name,
          median(runs.map(({ requestsPerSecond }) => requestsPerSecond)).toFixed(0),
          median(runs.map(({ p50 }) => p50)).toFixed(2),
          median(runs.map(({ p99 }) => p99)).toFixed(2),
          costs.get(name)!.toFixed(3),
        ]
      }),
    ),
  )
  return Object.entries(bars).map(([name, bar]) => {
    const cost = costs.get(name)!
    return { text: `a request of a ${name}: ${cost.toFixed(3)} of one of nobody, at most ${bar}`, passed: cost <= bar }
  })
}

function costOf(measured: Map<string, Measured[]>, name: string): number {
  const nobody = measured.get('nobody')!
  return median(
    measured.get(name)!.map(({ requestsPerSecond }, round) => nobody[round]!.requestsPerSecond / requestsPerSecond),
  )
}

function refusalsTold(answered: Answered[]): Verdict[] {
  // Within a turn, too: each credential over the right one that was sent beside it.
  const right = answered.find(({ what }) => what === 'right')!.milliseconds
  const ratios = new Map(
    answered.map(({ what, milliseconds }) => [what, median(milliseconds.map((each, turn) => each / right[turn]!))]),
  )
  console.log(
    `\n${tableOf(
      ['credential', 'status', 'median ms', 'of a right one'],
      answered.map(({ what, status, milliseconds }) => [
        what,
        String(status),
        median(milliseconds).toFixed(3),
        ratios.get(what)!.toFixed(2),
      ]),
    )}`,
  )
  const keyed = ['wrong', 'unknown', 'expired', 'revoked'].map((what) => ratios.get(what)!)
  const difference = Math.max(...keyed) / Math.min(...keyed)
  const slowest = Math.max(...answered.filter(({ status }) => status !== 200).map(({ what }) => ratios.get(what)!))
  return [
    {
      text: `keys that are wrong, unknown, expired and revoked: they differ by ${difference.toFixed(3)}, at most ${mostDifference}`,
      passed: difference <= mostDifference,
    },
    { text: `the slowest refusal: ${slowest.toFixed(2)} of a right key, at most 1`, passed: slowest <= 1 },
  ]
}

function tableOf(head: string[], rows: string[][]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)))
  const line = (row: string[]) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join('  ')
  return [head, ...rows].map(line).join('\n')
}
