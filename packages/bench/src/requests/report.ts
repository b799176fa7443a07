/** What was measured, as a table, and whether it is fast enough. */
import type { Result } from './compare.ts'
import type { Peer } from './questions.ts'

/** Requests per second of this server, over those of a peer, that must be reached for each question. */
const bars: Partial<Record<Peer, Record<string, number>>> = {
  postgraphile: { Q1: 1.0, Q2: 0.8, Q3: 0.45 },
  apollo: { Q1: 1.9, Q2: 1.3, Q3: 1.5 },
}

/** SQL statements that this server may send for a request. */
const mostStatements = 1

const names: Record<Peer, string> = {
  ours: 'this server',
  postgraphile: 'PostGraphile 5',
  apollo: 'Apollo + Prisma',
  floor: 'node:http + pg',
}

export interface Verdict {
  text: string
  passed: boolean
}

/** The table of all results, with medians over the rounds. */
export function tableOf(results: Result[]): string {
  const rows = results.map(({ question, peer, statements, rounds }) => [
    question.name,
    names[peer],
    median(rounds.map(({ requestsPerSecond }) => requestsPerSecond)).toFixed(0),
    median(rounds.map(({ p50 }) => p50)).toFixed(1),
    median(rounds.map(({ p99 }) => p99)).toFixed(1),
    String(Math.round(statements * 100) / 100),
    peer === 'ours' ? '' : ratioTo(results, question.name, peer).toFixed(2),
  ])
  const head = ['', 'server', 'requests/s', 'p50 ms', 'p99 ms', 'statements', 'ours ÷ it']
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)))
  const line = (row: string[]) =>
    row.map((cell, column) => (column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join('  ')
  const titles = new Map(results.map(({ question }) => [question.name, question.title]))
  return [...[...titles].map(([name, title]) => `${name}: ${title}`), '', line(head), ...rows.map(line)].join('\n')
}

/** Each bar, and whether it is reached; without speed only the number of statements. */
export function verdictsOf(results: Result[], withSpeed: boolean): Verdict[] {
  return results.flatMap(({ question: { name }, peer, statements }) => {
    if (peer === 'ours') {
      const text = `${name}: ${statements} SQL statements a request, at most ${mostStatements}`
      return [{ text, passed: statements <= mostStatements }]
    }
    const bar = bars[peer]?.[name]
    if (bar === undefined || !withSpeed) return []
    const ratio = ratioTo(results, name, peer)
    return [{ text: `${name}: ${ratio.toFixed(2)} of ${names[peer]}, at least ${bar}`, passed: ratio >= bar }]
  })
}

/** The median, over the rounds, of this server's requests per second divided by a peer's in the same round. */
function ratioTo(results: Result[], question: string, peer: Peer): number {
  const of = (wanted: Peer) => results.find((result) => result.question.name === question && result.peer === wanted)!
  const theirs = of(peer).rounds
  return median(of('ours').rounds.map((round, index) => round.requestsPerSecond / theirs[index]!.requestsPerSecond))
}

export function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2
}
