/** Any rule, held against an independent library: the same days, and open at the same moments. */
import fc from 'fast-check'
import { RRuleTemporal } from 'rrule-temporal'
import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../../database/connect.ts'
import { addSchedules, makeNeighbourhood, makeServices, type Neighbourhood } from '../../../testing/open-places.ts'
import { openTestDatabase } from '../../../testing/test-database.ts'
import { openServices } from './open-services.ts'
import { readSchedule } from './read-schedule.ts'

let database: Database
let neighbourhood: Neighbourhood
beforeAll(async () => {
  database = await openTestDatabase('empty')
  neighbourhood = await makeNeighbourhood(database)
})
afterAll(() => database.close())

// Each run is a batch of rules; whoever looks for a rare case sets more.
const runs = { numRuns: Number(process.env.RUNS ?? 12), interruptAfterTimeLimit: 100_000 }

interface Rule {
  freq: 'WEEKLY' | 'MONTHLY'
  interval: number
  dtstart: string
  byday?: string | undefined
  bymonthday?: string | undefined
  byyearday?: string | undefined
  byweekno?: string | undefined
  wkst?: (typeof weekdays)[number] | undefined
  until?: string | undefined
  count?: number | undefined
}

const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const
const weekday = fc.constantFrom(...weekdays)
const ordinalDay = fc
  .tuple(fc.constantFrom(1, 2, 3, 4, 5, -1, -2, -3, -4, -5), weekday)
  .map(([ordinal, day]) => `${ordinal}${day}`)
const date = (from: string, days: number) =>
  fc.nat({ max: days }).map((day) => Temporal.PlainDate.from(from).add({ days: day }).toString())
const list = <T>(item: fc.Arbitrary<T>, maxLength: number) =>
  fc.uniqueArray(item, { minLength: 1, maxLength }).map((items) => items.join(','))
const signed = (most: number) => fc.integer({ min: -most, max: most }).filter((number) => number !== 0)

const plainDays = list(weekday, 4)
const monthDays = list(signed(31), 4)

// The parts that RFC 5545 lets a weekly or monthly rule have, and those that HSDS has beside them: of these the library
// is told in a yearly rule, the only one in which they mean the same to all.
const parts: fc.Arbitrary<Pick<Rule, 'freq' | 'byday' | 'bymonthday' | 'byyearday' | 'byweekno'>> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ freq: fc.constant('WEEKLY' as const), byday: fc.option(plainDays, { nil: undefined }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      freq: fc.constant('MONTHLY' as const),
      byday: fc.option(fc.oneof(plainDays, list(ordinalDay, 3), list(fc.oneof(weekday, ordinalDay), 3)), {
        nil: undefined,
      }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ freq: fc.constant('MONTHLY' as const), bymonthday: monthDays }) },
  {
    weight: 2,
    arbitrary: fc.record({ freq: fc.constant('MONTHLY' as const), bymonthday: monthDays, byday: plainDays }),
  },
  fc.record({ freq: fc.constant('WEEKLY' as const), byday: plainDays, byweekno: list(signed(53), 6) }),
  fc.record({ freq: fc.constant('MONTHLY' as const), byyearday: list(signed(366), 6) }),
)

const anyRule: fc.Arbitrary<Rule> = fc
  .record({
    parts,
    interval: fc.integer({ min: 1, max: 5 }),
    dtstart: date('2023-01-01', 1200),
    wkst: fc.option(weekday, { nil: undefined }),
    end: fc.oneof(
      fc.constant({}),
      date('2023-06-01', 1600).map((until) => ({ until })),
      fc.integer({ min: 1, max: 40 }).map((count) => ({ count })),
    ),
  })
  .map(({ parts, interval, end, ...rule }) =>
    isOfTheYear(parts)
      ? { ...rule, ...parts, interval: 1, until: 'until' in end ? end.until : undefined }
      : { ...rule, ...parts, ...end, interval },
  )

function isOfTheYear({ byweekno, byyearday }: Pick<Rule, 'byweekno' | 'byyearday'>): boolean {
  return byweekno !== undefined || byyearday !== undefined
}

/** The days that the library finds, up to four years after the last start. */
const horizon = '2030-04-15'
function expectedDays(rule: Rule): Temporal.PlainDate[] {
  const text = [
    `FREQ=${isOfTheYear(rule) ? 'YEARLY' : rule.freq}`,
    `INTERVAL=${rule.interval}`,
    ...(['byday', 'bymonthday', 'byyearday', 'byweekno', 'wkst', 'count'] as const)
      .filter((part) => rule[part] !== undefined)
      .map((part) => `${part.toUpperCase()}=${rule[part]}`),
    ...(rule.until === undefined ? [] : [`UNTIL=${rule.until.replaceAll('-', '')}T235959Z`]),
  ]
  // The library begins with the year of the start, and so misses the last week of the year before, which may reach into it.
  const since = Temporal.PlainDate.from(rule.dtstart)
  const first = isOfTheYear(rule) ? since.subtract({ years: 1 }) : since
  const start = first.toZonedDateTime({ timeZone: 'UTC', plainTime: '12:00' })
  const end = Temporal.PlainDate.from(horizon).toZonedDateTime({ timeZone: 'UTC', plainTime: '23:59' })
  const found = new RRuleTemporal({ rruleString: `RRULE:${text.join(';')}`, dtstart: start, temporal: Temporal })
  return found
    .between(new Date(start.epochMilliseconds), new Date(end.epochMilliseconds), true)
    .map((moment) => Temporal.PlainDate.from(moment.toString().slice(0, 10)))
    .filter((day) => Temporal.PlainDate.compare(day, since) >= 0)
}

/** Gives each rule to a service of its own, and returns the services' row keys. */
async function giveToServices(rules: Rule[], times: { opensAt: string; closesAt: string }[]): Promise<string[]> {
  const { prisma } = database
  await prisma.service.deleteMany({ where: { networkId: neighbourhood.networkId } })
  await prisma.schedule.deleteMany({ where: { networkId: neighbourhood.networkId } })
  const services = await makeServices(prisma, neighbourhood, rules.length)
  const day = (text: string | undefined) => (text === undefined ? null : new Date(text))
  await addSchedules(
    prisma,
    neighbourhood,
    rules.map((rule, index) => ({
      ...rule,
      ...times[index]!,
      serviceId: services[index]!,
      dtstart: day(rule.dtstart),
      until: day(rule.until),
    })),
  )
  return services
}

test('an opening takes place on the days that the rule names, and on no others', async () => {
  const property = fc.asyncProperty(fc.array(anyRule, { minLength: 20, maxLength: 20 }), async (rules) => {
    const services = await giveToServices(
      rules,
      rules.map(() => ({ opensAt: '09:00', closesAt: '12:00' })),
    )
    const rows = await database.prisma.$queryRaw<{ service: string; days: string }[]>`
      SELECT service_id AS service, string_agg(day::date::text, ' ' ORDER BY day) AS days
      FROM derived.opening, generate_series('2022-12-01'::date, ${horizon}::date, '1 day') day
      WHERE weekday = extract(isodow FROM day) AND derived.opening_occurs(opening, day::date) GROUP BY 1`
    const found = new Map(rows.map(({ service, days }) => [service, days]))
    for (const [index, rule] of rules.entries()) {
      expect({ rule, days: found.get(services[index]!) ?? '' }).toEqual({ rule, days: expectedDays(rule).join(' ') })
    }
  })
  await fc.assert(property, runs)
})

const two = (number: number) => String(number).padStart(2, '0')
// Many between one and four at night, when clocks change.
const clock = fc
  .tuple(fc.oneof(fc.integer({ min: 1, max: 4 }), fc.nat({ max: 23 })), fc.constantFrom(0, 15, 30, 45, 59))
  .map(([hour, minute]) => `${two(hour)}:${two(minute)}`)
const offset = fc.constantFrom('', '', '', 'Z', '+01:00', '+02:00', '-08:00', '+13:30')
const times = fc
  .record({ opens: clock, closes: clock, offset })
  .map(({ opens, closes, offset }) => ({ opensAt: opens + offset, closesAt: closes + offset }))

const everySunday = { freq: 'WEEKLY' as const, interval: 1, dtstart: '2023-01-01', byday: 'SA,SU' }
const changes = ['2025-03-30', '2025-10-26', '2026-03-29', '2026-10-25', '2027-03-28', '2027-10-31']

/** A moment on a night on which clocks change, at the edge of an opening, or any. */
type Choice = { night: string; minute: number } | { opening: number; edge: 'opensAt' | 'closesAt'; minutes: number }
const choice: fc.Arbitrary<Choice> = fc.oneof(
  fc.record({ night: fc.constantFrom(...changes), minute: fc.integer({ min: -180, max: 360 }) }),
  fc.record({
    opening: fc.nat({ max: 999 }),
    edge: fc.constantFrom('opensAt' as const, 'closesAt' as const),
    minutes: fc.constantFrom(-1, 0, 1, 600),
  }),
)

interface Span {
  opensAt: number
  closesAt: number
}

/** The openings that the library's days and Temporal's clocks make. A time that comes twice is the first of the two. */
function expectedSpans(rule: Rule, { opensAt, closesAt }: { opensAt: string; closesAt: string }): Span[] {
  const instant = (day: Temporal.PlainDate, clock: string) =>
    clock.length === 5
      ? day.toZonedDateTime({ timeZone: 'Europe/Rome', plainTime: clock }).epochMilliseconds
      : Temporal.Instant.from(`${day}T${clock}`).epochMilliseconds
  return expectedDays(rule)
    .map((day) => ({
      opensAt: instant(day, opensAt),
      closesAt: instant(closesAt > opensAt ? day : day.add({ days: 1 }), closesAt),
    }))
    .filter((span) => span.closesAt > span.opensAt)
}

test('it is open at the same moments, and opens next at the same, on the nights on which clocks change too', async () => {
  const rule = fc.oneof({ weight: 3, arbitrary: anyRule }, fc.constant(everySunday))
  const property = fc.asyncProperty(
    fc.array(fc.tuple(rule, times), { minLength: 20, maxLength: 20 }),
    fc.array(choice, { minLength: 10, maxLength: 10 }),
    async (cases, choices) => {
      const services = await giveToServices(
        cases.map(([rule]) => rule),
        cases.map(([, times]) => times),
      )
      const spans = cases.map(([rule, times]) => expectedSpans(rule, times))
      const all = spans.flat()
      for (const choice of choices) {
        const moment =
          'night' in choice
            ? Date.parse(`${choice.night}T00:00:00Z`) + choice.minute * 60_000
            : (all[choice.opening % all.length]?.[choice.edge] ?? 0) + choice.minutes * 60_000
        const open = await database.prisma.$queryRaw<{ service_id: string }[]>(
          openServices(neighbourhood.networkId, new Date(moment)),
        )
        const expected = spans.map((spans) => spans.some((span) => span.opensAt <= moment && moment < span.closesAt))
        const found = services.map((id) => open.some(({ service_id }) => service_id === id))
        const told = (open: boolean[]) => ({ at: new Date(moment), open: cases.filter((_, index) => open[index]) })
        expect(told(found)).toEqual(told(expected))

        const next = await database.prisma.$queryRaw<{ id: string; at: Date }[]>`
          SELECT service_id AS id, min(opens_at) AS at FROM derived.next_openings(${new Date(moment)}::timestamptz)
          WHERE service_id = ANY(${services}::uuid[]) GROUP BY 1`
        for (const [index, id] of services.entries()) {
          const at = spans[index]!.find(({ opensAt }) => opensAt > moment)?.opensAt
          const found = next.find((row) => row.id === id)?.at.getTime()
          // The library was asked for some years only.
          if (at !== undefined || (found ?? 0) < Date.parse(horizon)) {
            expect({ case: cases[index], moment, at: found }).toEqual({ case: cases[index], moment, at })
          }
        }
      }
    },
  )
  await fc.assert(property, runs)
})

test('what is told in words is what can be evaluated', async () => {
  const anything = fc.record({
    freq: fc.constantFrom('WEEKLY' as const, 'MONTHLY' as const, null),
    interval: fc.constantFrom(null, -1, 0, 1, 2),
    count: fc.constantFrom(null, 0, 3),
    byday: fc.constantFrom(null, '', 'MO', ' mo, 2tu', 'MO,XX', '6MO', '-5SU,+1SA', 'MO,'),
    bymonthday: fc.constantFrom(null, '', '1, 31,-1', '32', '0', '1;2'),
    byyearday: fc.constantFrom(null, null, '366', '367'),
    byweekno: fc.constantFrom(null, null, '53', '54', 'x'),
    wkst: fc.constantFrom(null, 'SU' as const),
    dtstart: fc.constantFrom(null, new Date('2026-11-23')),
    validFrom: fc.constantFrom(null, new Date('2026-11-01')),
    validTo: fc.constantFrom(null, new Date('2026-01-01')),
    until: fc.constantFrom(null, new Date('9999-12-31')),
    timezone: fc.constantFrom(null, null, 14, -14, 14.5, 2499.75),
    opensAt: fc.constantFrom('09:00', '09:00', '23:59:59.5+14:00', '9:00', '24:00', null),
    closesAt: fc.constantFrom('12:00', '12:00', '12:00Z', '00:00-15:00', '', null),
    description: fc.constant(null),
  })
  const { prisma } = database
  const property = fc.asyncProperty(fc.array(anything, { minLength: 100, maxLength: 100 }), async (schedules) => {
    await prisma.schedule.deleteMany({ where: { networkId: neighbourhood.networkId } })
    const services = await makeServices(prisma, neighbourhood, schedules.length)
    await addSchedules(
      prisma,
      neighbourhood,
      schedules.map((schedule, index) => ({ ...schedule, serviceId: services[index] })),
    )
    const rows = await prisma.$queryRaw<{ id: string }[]>`SELECT DISTINCT service_id AS id FROM derived.opening`
    const evaluated = new Set(rows.map(({ id }) => id))
    for (const [index, schedule] of schedules.entries()) {
      expect({ schedule, evaluated: evaluated.has(services[index]!) }).toEqual({
        schedule,
        evaluated: readSchedule(schedule) !== undefined,
      })
    }
  })
  await fc.assert(property, runs)
})
