import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { Database } from '../../database/connect.ts'
import { describeProblem, type SourceRefused } from '../../sources/problem.ts'
import { openTestDatabase } from '../../testing/test-database.ts'
import { describeEvents, describeNetwork, readNetworkDescription } from './describe-network.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase('demonstration')
})
afterAll(() => database.close())

function file(content: unknown): string {
  const folder = mkdtempSync(join(tmpdir(), 'welfare-network-describe-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'network.json')
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

async function load(content: unknown): Promise<string> {
  const told = await readNetworkDescription(file(content))
  return database.prisma.$transaction(async (tx) => {
    const networkId = await describeNetwork(tx, told, false)
    await describeEvents(tx, networkId, told, 'network.json')
    return networkId
  })
}

async function refusal(content: unknown): Promise<string[]> {
  const error = await load(content).then(
    () => undefined,
    (reason: SourceRefused) => reason,
  )
  return error?.problems.map(describeProblem) ?? []
}

const phase = { position: 1, name: 'Ascolto', startsOn: '2026-01-01', endsOn: null }
const event = { name: 'Apertura', startsOn: '2026-02-01', venue: 'Municipio', municipality: '004029' }

test('a description makes a network with its phases and events', async () => {
  const id = await load({ slug: 'langhe', name: 'Langhe', phases: [phase], events: [event] })
  const network = await database.prisma.network.findUniqueOrThrow({
    where: { id },
    include: { phases: true, events: true },
  })
  expect(network).toMatchObject({ slug: 'langhe', name: 'Langhe', demonstration: false })
  expect(network.phases).toMatchObject([{ name: 'Ascolto', endsOn: null }])
  expect(network.events).toMatchObject([{ name: 'Apertura', municipalityCode: '004029' }])
})

test('a changed description changes the network and does not make a second', async () => {
  const id = await load({ slug: 'roero', name: 'Roero', phases: [phase], events: [event] })
  expect(await load({ slug: 'roero', name: 'Il Roero', events: [] })).toBe(id)
  const network = await database.prisma.network.findUniqueOrThrow({
    where: { id },
    include: { phases: true, events: true },
  })
  expect(network).toMatchObject({ name: 'Il Roero', phases: [], events: [] })
})

test.each([
  ['no JSON', '{', 'network.json:1: is not JSON here'],
  ['a slug with capitals', { slug: 'Alba', name: 'x' }, 'network.json /slug: is not a short name'],
  ['a slug that stands for something else', { slug: 'services', name: 'x' }, 'network.json /slug: is not a short name'],
  ['no name', { slug: 'alba' }, 'network.json /name: is missing'],
  [
    'a day that is none',
    { slug: 'a', name: 'x', phases: [{ ...phase, startsOn: '2026-02-30' }] },
    '/phases/0/startsOn: is not a day',
  ],
  [
    'an end before the start',
    { slug: 'a', name: 'x', phases: [{ ...phase, endsOn: '2025-01-01' }] },
    '/phases/0/endsOn: is before startsOn',
  ],
  [
    'an unknown town',
    { slug: 'a', name: 'x', events: [{ ...event, municipality: '999999' }] },
    'municipality "999999": no such municipality',
  ],
  ['an unknown key', { slug: 'a', name: 'x', motto: 'y' }, 'Unrecognized key'],
])('%s is refused, and nothing is written', async (_, content, message) => {
  expect((await refusal(content)).join('\n')).toContain(message)
  expect(await database.prisma.network.findUnique({ where: { slug: 'a' } })).toBeNull()
})
