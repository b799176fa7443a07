/** This server beside its peers: the same questions, on the same tables, in turns. */
import { deepStrictEqual } from 'node:assert'
import { type Child, start } from './child.ts'
import { countStatements } from './count-statements.ts'
import { sizesFor } from './fill-directory.ts'
import type { Load, Measured } from './load.ts'
import { type Peer, peers, type Question, questionsAbout } from './questions.ts'

export interface Options {
  /** Services in the directory. */
  services: number
  /** Rounds; in each, every server answers every question. */
  rounds: number
  /** How many requests a server gets for a question in a round, as a share of the usual number. */
  share: number
  /** Names of the questions to ask. */
  questions: string[]
  /** Hears what is being done. */
  tell(line: string): void
}

export interface Result {
  question: Question
  peer: Peer
  /** SQL statements for one request, on average. */
  statements: number
  rounds: Measured[]
}

/** Requests in one run: about a second or two of each server. */
const requests: Record<string, number> = { Q1: 2_000, Q2: 800, Q3: 200 }

const concurrency = 8

/**
 * Measures on a database that has been filled. Throws where two servers do not answer the same. The rounds are paired:
 * what disturbs one of them disturbs all servers in it, and over four rounds each server has each place in the order once.
 */
export async function compare(databaseUrl: string, options: Options): Promise<Result[]> {
  const all = questionsAbout(sizesFor(options.services))
  const unknown = options.questions.filter((asked) => !all.some(({ name }) => name === asked))
  if (unknown.length > 0) throw new Error(`There is no question ${unknown.join(', ')}: ask Q1, Q2 or Q3.`)
  const questions = all.filter(({ name }) => options.questions.includes(name))
  options.tell('Comparing the answers and counting statements …')
  const statements = await checkAnswers(databaseUrl, questions)
  const results = questions.flatMap((question) =>
    peers.map(
      (peer): Result => ({ question, peer, statements: statements.get(`${question.name} ${peer}`)!, rounds: [] }),
    ),
  )
  const servers = await startServers(databaseUrl)
  const load = start('load.ts')
  try {
    const run = async (peer: Peer, question: Question, share: number) => {
      load.process.send(loadFor(question, peer, servers.get(peer)!.port, Math.ceil(requests[question.name]! * share)))
      return load.hear<Measured>()
    }
    options.tell('Warming up …')
    for (const question of questions) for (const peer of peers) await run(peer, question, options.share)
    for (let round = 0; round < options.rounds; round += 1) {
      options.tell(`Round ${round + 1} of ${options.rounds} …`)
      // Once around, then once around the other way, so that nobody always follows the same server.
      const turned = peers.map((_, place) => peers[(place + round) % peers.length]!)
      const order = Math.floor(round / peers.length) % 2 === 0 ? turned : turned.toReversed()
      for (const question of questions) {
        for (const peer of order) {
          const measured = await run(peer, question, options.share)
          results.find((result) => result.question === question && result.peer === peer)!.rounds.push(measured)
        }
      }
    }
  } finally {
    await load.stop()
    await stopServers(servers)
  }
  return results
}

interface Server {
  child: Child
  port: number
}

async function startServers(databaseUrl: string): Promise<Map<Peer, Server>> {
  const servers = new Map<Peer, Server>()
  for (const peer of peers) {
    const child = start(`servers/${peer}.ts`, { DATABASE_URL: databaseUrl })
    servers.set(peer, { child, port: (await child.hear<{ port: number }>()).port })
  }
  return servers
}

async function stopServers(servers: Map<Peer, Server>): Promise<void> {
  await Promise.all([...servers.values()].map(({ child }) => child.stop()))
}

function pathOf(peer: Peer): string {
  return peer === 'apollo' ? '/' : '/graphql'
}

/** As many different requests as there are need areas, which is also enough of everything else. */
const variety = 60

function loadFor(question: Question, peer: Peer, port: number, requests: number): Load {
  const bodies = Array.from({ length: variety }, (_, number) => question.body(peer, number))
  return { port, path: pathOf(peer), bodies, requests, concurrency }
}

/** Asks every server everything once, by way of a counter of statements. */
async function checkAnswers(databaseUrl: string, questions: Question[]): Promise<Map<string, number>> {
  const counter = await countStatements(databaseUrl)
  const servers = await startServers(counter.url)
  const statements = new Map<string, number>()
  try {
    for (const question of questions) {
      // The last peer is the plainest, and the others are held against it.
      const expected: unknown[] = []
      for (const peer of peers.toReversed()) {
        const { port } = servers.get(peer)!
        await answerOf(question, peer, port, 0)
        counter.take()
        for (let number = 0; number < variety; number += 1) {
          const answer = await answerOf(question, peer, port, number)
          expected[number] ??= answer
          deepStrictEqual(answer, expected[number], `${peer} answers request ${number} of ${question.name} otherwise.`)
        }
        statements.set(`${question.name} ${peer}`, counter.take() / variety)
      }
    }
  } finally {
    await stopServers(servers)
    counter.close()
  }
  return statements
}

async function answerOf(question: Question, peer: Peer, port: number, number: number): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${port}${pathOf(peer)}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: question.body(peer, number),
  })
  const { data, errors } = (await response.json()) as { data: never; errors?: unknown }
  if (errors !== undefined) throw new Error(`${peer} refuses ${question.name}: ${JSON.stringify(errors)}`)
  return question.common(peer, data)
}
