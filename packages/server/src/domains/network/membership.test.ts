import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../database/connect.ts'
import { Refused } from '../../refused.ts'
import { openTestDatabase } from '../../testing/test-database.ts'
import { acceptMembership, applyForMembership, leaveNetwork, nextStatus } from './membership.ts'

let database: Database
let organizations = 0

beforeAll(async () => {
  database = await openTestDatabase('empty')
  await database.prisma.network.create({ data: { slug: 'here', name: 'Here' } })
})

afterAll(() => database.close())

test.each([
  ['applied', 'accept', 'active'],
  ['applied', 'leave', 'left'],
  ['active', 'leave', 'left'],
] as const)('a membership that is %s and takes the step %s is %s', (from, step, to) => {
  expect(nextStatus(from, step)).toBe(to)
})

test.each([
  ['active', 'accept', "A membership that is active can't be accepted; it would have to be applied."],
  ['left', 'accept', "A membership that is left can't be accepted; it would have to be applied."],
  ['left', 'leave', "A membership that is left can't end; it would have to be applied or active."],
] as const)('a membership that is %s is refused the step %s', (from, step, message) => {
  expect(() => nextStatus(from, step)).toThrow(new Refused('MEMBERSHIP_STATUS', message))
})

test('an organization applies, is accepted and leaves; each step keeps its day, and who decided', async () => {
  const id = await organization()
  await apply(id, '2026-01-01')
  await accept(id, '2026-02-01')
  await leave(id, '2026-03-01', 'moved away')
  expect(await memberships(id)).toMatchObject([
    {
      role: 'partner',
      status: 'left',
      appliedOn: day('2026-01-01'),
      decidedOn: day('2026-02-01'),
      decidedBy: 'the board',
      leftOn: day('2026-03-01'),
      leftReason: 'moved away',
    },
  ])
})

test('who has left may apply again, on the same day too, and the new application is the one that is accepted', async () => {
  const id = await organization()
  await apply(id, '2026-01-01')
  await leave(id, '2026-01-01')
  await apply(id, '2026-01-01')
  await accept(id, '2026-01-01')
  expect((await memberships(id)).map(({ status }) => status).sort()).toEqual(['active', 'left'])
})

test.each(['applied', 'active'])('who has a membership that is %s does not get a second', async (status) => {
  const id = await organization()
  await apply(id, '2026-01-01')
  if (status === 'active') await accept(id, '2026-01-01')
  await expect(apply(id, '2026-02-01')).rejects.toThrow(`has a membership that is ${status}; it must leave first.`)
})

test('who never applied can neither be accepted nor leave', async () => {
  const id = await organization()
  const message = 'This organization never applied for membership; apply first.'
  await expect(accept(id, '2026-01-01')).rejects.toThrow(new Refused('MEMBERSHIP_NONE', message))
  await expect(leave(id, '2026-01-01')).rejects.toThrow(new Refused('MEMBERSHIP_NONE', message))
})

test('no step comes before the one that it follows', async () => {
  const id = await organization()
  await apply(id, '2026-02-01')
  await expect(accept(id, '2026-01-31')).rejects.toThrow(
    "It can't be decided on 2026-01-31, before it was applied for on 2026-02-01.",
  )
  await accept(id, '2026-03-01')
  await expect(leave(id, '2026-02-28')).rejects.toThrow(/can't be left on 2026-02-28, before .* on 2026-03-01/)
  await leave(id, '2026-04-01')
  await expect(apply(id, '2026-03-31')).rejects.toThrow(
    "It can't be applied for on 2026-03-31, before it was left on 2026-04-01.",
  )
})

test('of two applications at the same moment, one is refused', async () => {
  const id = await organization()
  const results = await Promise.allSettled([apply(id, '2026-01-01'), apply(id, '2026-01-01')])
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(await memberships(id)).toHaveLength(1)
})

test('of accepting and leaving at the same moment, neither undoes the other', async () => {
  const id = await organization()
  await apply(id, '2026-01-01')
  await Promise.allSettled([accept(id, '2026-01-01'), leave(id, '2026-01-01')])
  expect(await memberships(id)).toMatchObject([{ status: 'left', leftOn: day('2026-01-01') }])
})

test('no sequence of steps leaves two current memberships, or a status that its days contradict', async () => {
  const step = fc.record({ take: fc.constantFrom(apply, accept, leave), on: fc.integer({ min: 1, max: 28 }) })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const id = await organization()
      for (const { take, on } of steps) {
        await take(id, `2026-01-${String(on).padStart(2, '0')}`).catch((error: unknown) => {
          expect(error).toBeInstanceOf(Refused)
        })
      }
      const all = await memberships(id)
      expect(all.filter(({ status }) => status !== 'left').length).toBeLessThanOrEqual(1)
      for (const { status, appliedOn, decidedOn, leftOn } of all) {
        expect(leftOn !== null).toBe(status === 'left')
        if (status !== 'left') expect(decidedOn !== null).toBe(status === 'active')
        expect(decidedOn === null || decidedOn >= appliedOn).toBe(true)
        expect(leftOn === null || leftOn >= (decidedOn ?? appliedOn)).toBe(true)
      }
    }),
    { numRuns: 25 },
  )
})

function apply(organizationId: string, on: string): Promise<unknown> {
  return database.prisma.$transaction((tx) => applyForMembership(tx, { organizationId, role: 'partner', on: day(on) }))
}

function accept(organizationId: string, on: string): Promise<unknown> {
  return database.prisma.$transaction((tx) => acceptMembership(tx, { organizationId, on: day(on), by: 'the board' }))
}

function leave(organizationId: string, on: string, reason: string | null = null): Promise<unknown> {
  return database.prisma.$transaction((tx) => leaveNetwork(tx, { organizationId, on: day(on), reason }))
}

function memberships(organizationId: string) {
  return database.prisma.membership.findMany({ where: { organizationId } })
}

async function organization(): Promise<string> {
  const network = await database.prisma.network.findUniqueOrThrow({ where: { slug: 'here' } })
  organizations += 1
  const id = `00000000-0000-4000-8000-${String(organizations).padStart(12, '0')}`
  const name = `Cooperative ${organizations}`
  await database.prisma.organization.create({ data: { id, uuid: id, networkId: network.id, name, description: name } })
  return id
}

function day(text: string): Date {
  return new Date(`${text}T00:00:00Z`)
}
