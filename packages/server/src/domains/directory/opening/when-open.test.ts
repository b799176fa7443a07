/** When it is open, case by case: a table of schedules, exceptions and moments. Times without offset are in Italy. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Database } from '../../../database/connect.ts'
import {
  addExceptions,
  addSchedules,
  bringTo,
  type Exception,
  makeLocation,
  makeNeighbourhood,
  makeServices,
  type Neighbourhood,
  type Schedule,
} from '../../../testing/open-places.ts'
import { openTestDatabase } from '../../../testing/test-database.ts'
import { openingLoaders } from './load-openings.ts'
import { openServices } from './open-services.ts'
import type { Opener } from './opener.ts'

let database: Database
let neighbourhood: Neighbourhood
let service: string
beforeAll(async () => {
  database = await openTestDatabase('empty')
})
afterAll(() => database.close())
beforeEach(async () => {
  neighbourhood = await makeNeighbourhood(database)
  service = (await makeServices(database.prisma, neighbourhood, 1))[0]!
})

const moment = (text: string) => new Date(/(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}${offsetOf(text)}`)
const offsetOf = (text: string) => (text >= '2026-03-29T02' && text < '2026-10-25T03' ? '+02:00' : '+01:00')
const day = (text: string) => new Date(text)

const isOpen = (id: string, at: string, opener: Opener = 'service') =>
  openingLoaders(database.prisma)[opener].isOpen.load({ id, moment: moment(at) })
const next = (id: string, after: string, opener: Opener = 'service') =>
  openingLoaders(database.prisma)[opener].next.load({ id, moment: moment(after) })

const office = { freq: 'WEEKLY', byday: 'MO,TU,WE,TH,FR', opensAt: '09:00', closesAt: '12:30' } as const
const afternoon = { ...office, byday: 'TU', opensAt: '14:00', closesAt: '17:00' } as const
const night = { freq: 'WEEKLY', byday: 'SA', opensAt: '22:00', closesAt: '02:30' } as const
const christmas = { startDate: day('2020-12-25'), endDate: day('2020-12-25'), yearly: true, closed: true }

type Case = [name: string, schedules: Schedule[], open: string[], closed: string[], exceptions?: Exception[]]

test.each<Case>([
  [
    'every weekday',
    [office],
    ['2026-11-23T09:00', '2026-11-27T12:29:59'],
    ['2026-11-23T08:59:59', '2026-11-23T12:30', '2026-11-28T10:00'],
  ],
  [
    'mornings and an afternoon',
    [office, afternoon],
    ['2026-11-24T10:00', '2026-11-24T16:00'],
    ['2026-11-24T13:00', '2026-11-25T16:00'],
  ],
  // The two complaints of openreferral/specification, #167 and #413: matched by weekday, these would be open each week.
  [
    'the second Tuesday of the month only',
    [{ ...afternoon, freq: 'MONTHLY', byday: '2TU' }],
    ['2026-11-10T15:00', '2026-12-08T15:00'],
    ['2026-11-03T15:00', '2026-11-17T15:00', '2026-11-24T15:00'],
  ],
  [
    'every other Tuesday only',
    [{ ...afternoon, interval: 2, dtstart: day('2026-11-10') }],
    ['2026-11-10T15:00', '2026-11-24T15:00', '2027-01-05T15:00'],
    ['2026-11-17T15:00', '2026-10-27T15:00', '2026-12-01T15:00'],
  ],
  [
    'the last Friday of the month',
    [{ ...afternoon, freq: 'MONTHLY', byday: '-1FR' }],
    ['2026-11-27T15:00', '2026-10-30T15:00'],
    ['2026-11-20T15:00', '2026-10-23T15:00'],
  ],
  [
    'a fifth Monday, where the month has one',
    [{ ...afternoon, freq: 'MONTHLY', byday: '5MO' }],
    ['2026-11-30T15:00', '2026-08-31T15:00'],
    ['2026-11-23T15:00', '2026-12-28T15:00'],
  ],
  [
    'first and third Saturday, all Mondays',
    [{ ...afternoon, freq: 'MONTHLY', byday: '1SA,3SA,MO' }],
    ['2026-11-07T15:00', '2026-11-21T15:00', '2026-11-23T15:00'],
    ['2026-11-14T15:00'],
  ],
  [
    'every three months',
    [{ ...afternoon, freq: 'MONTHLY', byday: '1WE', interval: 3, dtstart: day('2026-10-07') }],
    ['2026-10-07T15:00', '2027-01-06T15:00'],
    ['2026-11-04T15:00', '2026-12-02T15:00'],
  ],
  [
    'the 5th and the last day of the month',
    [{ ...afternoon, freq: 'MONTHLY', byday: null, bymonthday: '5,-1' }],
    ['2026-11-05T15:00', '2026-11-30T15:00', '2028-02-29T15:00'],
    ['2026-11-29T15:00', '2028-02-28T15:00'],
  ],
  [
    'the 31st, where the month has one',
    [{ ...afternoon, freq: 'MONTHLY', byday: null, bymonthday: '31' }],
    ['2026-10-31T15:00'],
    ['2026-11-30T15:00', '2026-12-01T15:00'],
  ],
  [
    'Friday the 13th',
    [{ ...afternoon, freq: 'MONTHLY', byday: 'FR', bymonthday: '13' }],
    ['2026-11-13T15:00'],
    ['2026-10-13T15:00', '2026-11-20T15:00'],
  ],
  [
    'two weeks of the year',
    [{ ...afternoon, byweekno: '1,53' }],
    ['2026-12-29T15:00', '2027-01-05T15:00'],
    ['2026-12-22T15:00', '2027-01-12T15:00'],
  ],
  [
    'the 100th day of the year',
    [{ ...afternoon, freq: 'MONTHLY', byday: null, byyearday: '100' }],
    ['2026-04-10T15:00', '2028-04-09T15:00'],
    ['2026-04-09T15:00'],
  ],
  [
    'until a day, which is the last',
    [{ ...afternoon, until: day('2026-11-24') }],
    ['2026-11-24T15:00'],
    ['2026-12-01T15:00'],
  ],
  [
    'three times',
    [{ ...afternoon, dtstart: day('2026-11-03'), count: 3 }],
    ['2026-11-03T15:00', '2026-11-17T15:00'],
    ['2026-10-27T15:00', '2026-11-24T15:00'],
  ],
  [
    'three times on two days of every other week',
    [{ ...afternoon, byday: 'TU,TH', interval: 2, dtstart: day('2026-11-05'), count: 3 }],
    ['2026-11-05T15:00', '2026-11-17T15:00', '2026-11-19T15:00'],
    ['2026-11-03T15:00', '2026-11-12T15:00', '2026-12-01T15:00'],
  ],
  [
    'times that are over before the validity begins count',
    [{ ...afternoon, dtstart: day('2026-11-03'), validFrom: day('2026-11-10'), count: 2 }],
    ['2026-11-10T15:00'],
    ['2026-11-03T15:00', '2026-11-17T15:00'],
  ],
  [
    'from a day to a day',
    [{ ...afternoon, validFrom: day('2026-11-10'), validTo: day('2026-11-17') }],
    ['2026-11-10T15:00', '2026-11-17T15:00'],
    ['2026-11-03T15:00', '2026-11-24T15:00'],
  ],
  [
    'every other week is counted from the validity where there is no start',
    [{ ...afternoon, interval: 2, validFrom: day('2026-11-09') }],
    ['2026-11-10T15:00', '2026-11-24T15:00'],
    ['2026-11-17T15:00'],
  ],
  // The example of RFC 5545: the day on which a week starts decides which Sunday is in the second week.
  [
    'weeks from Monday',
    [{ ...afternoon, byday: 'TU,SU', interval: 2, dtstart: day('1997-08-05'), wkst: 'MO' }],
    ['1997-08-10T15:00', '1997-08-19T15:00'],
    ['1997-08-17T15:00'],
  ],
  [
    'weeks from Sunday',
    [{ ...afternoon, byday: 'TU,SU', interval: 2, dtstart: day('1997-08-05'), wkst: 'SU' }],
    ['1997-08-17T15:00', '1997-08-19T15:00'],
    ['1997-08-10T15:00'],
  ],
  [
    'without days, the day of the start',
    [{ ...afternoon, byday: null, dtstart: day('2026-11-10') }],
    ['2026-11-17T15:00'],
    ['2026-11-18T15:00'],
  ],
  [
    'monthly without days, the day of the start',
    [{ ...afternoon, freq: 'MONTHLY', byday: null, dtstart: day('2026-11-10') }],
    ['2026-12-10T15:00'],
    ['2026-12-08T15:00'],
  ],
  [
    'after midnight it is still the day before',
    [night],
    ['2026-11-28T22:00', '2026-11-29T00:00', '2026-11-29T02:29'],
    ['2026-11-28T02:00', '2026-11-29T02:30', '2026-11-29T22:30'],
  ],
  [
    'after midnight on the last day',
    [{ ...night, until: day('2026-11-28') }],
    ['2026-11-29T01:00'],
    ['2026-12-06T01:00'],
  ],
  ['from Sunday into Monday', [{ ...night, byday: 'SU' }], ['2026-11-30T01:00'], ['2026-11-29T01:00']],
  [
    'day and night',
    [{ ...night, byday: 'MO', opensAt: '00:00', closesAt: '00:00' }],
    ['2026-11-23T00:00', '2026-11-23T23:59'],
    ['2026-11-24T00:00'],
  ],
  [
    'to the last second',
    [{ ...night, byday: 'MO', opensAt: '00:00', closesAt: '23:59:59' }],
    ['2026-11-23T23:59:59'],
    ['2026-11-24T00:00'],
  ],
  // In the night of 25 October 2026 the hour from two to three comes twice; RFC 5545 means the first.
  [
    'a closing in the hour that comes twice is in the first',
    [night],
    ['2026-10-25T02:29:59+02:00'],
    ['2026-10-25T02:30:00+02:00', '2026-10-25T02:15:00+01:00'],
  ],
  [
    'an opening in the hour that comes twice is in the first',
    [{ ...night, byday: 'SU', opensAt: '02:30', closesAt: '05:00' }],
    ['2026-10-25T02:30:00+02:00', '2026-10-25T02:15:00+01:00', '2026-10-25T04:59+01:00'],
    ['2026-10-25T02:15:00+02:00', '2026-10-25T05:00+01:00'],
  ],
  // In the night of 29 March 2026 the hour from two to three is skipped: 2:30 is half past three.
  ['a closing in the skipped hour', [night], ['2026-03-29T03:29:00+02:00'], ['2026-03-29T03:30:00+02:00']],
  [
    'an opening in the skipped hour',
    [{ ...night, byday: 'SU', opensAt: '02:30', closesAt: '05:00' }],
    ['2026-03-29T03:30:00+02:00'],
    ['2026-03-29T03:15:00+02:00', '2026-03-29T01:59:00+01:00'],
  ],
  [
    'an opening that the skipped hour swallows',
    [{ ...night, byday: 'SU', opensAt: '02:30', closesAt: '03:15' }],
    [],
    ['2026-03-29T03:10:00+02:00', '2026-03-29T03:30:00+02:00'],
  ],
  [
    'the same hours by the clock in summer and winter',
    [office],
    ['2026-10-23T09:00:00+02:00', '2026-10-26T09:00:00+01:00'],
    ['2026-10-26T09:00:00+02:00', '2026-10-23T12:30:00+02:00'],
  ],
  [
    'an offset of the schedule stays in summer and winter',
    [{ ...office, timezone: 1 }],
    ['2026-10-23T10:00:00+02:00', '2026-10-26T09:00:00+01:00'],
    ['2026-10-23T09:30:00+02:00', '2026-10-26T12:30:00+01:00'],
  ],
  [
    'an offset of the times comes before that of the schedule',
    [{ ...office, timezone: 5, opensAt: '09:00Z', closesAt: '12:30Z' }],
    ['2026-11-23T09:00Z'],
    ['2026-11-23T12:30Z', '2026-11-23T08:59Z'],
  ],
  [
    'an offset of one time is that of the other',
    [{ ...office, opensAt: '09:00Z' }],
    ['2026-11-23T12:29Z'],
    ['2026-11-23T12:30Z'],
  ],
  [
    'a Monday far in the east begins on a Sunday in Italy',
    [{ ...office, byday: 'MO', timezone: 13, opensAt: '08:00', closesAt: '09:00' }],
    ['2026-11-22T20:30'],
    ['2026-11-23T20:30'],
  ],
  [
    'a Monday far in the west ends on a Tuesday in Italy',
    [{ ...office, byday: 'MO', timezone: -11, opensAt: '22:00', closesAt: '02:00' }],
    ['2026-11-24T10:30', '2026-11-24T13:59'],
    ['2026-11-23T10:30', '2026-11-24T14:00'],
  ],
  [
    'closed on a holiday of every year',
    [office],
    ['2026-12-24T10:00', '2028-12-26T10:00'],
    ['2026-12-25T10:00', '2028-12-25T10:00'],
    [christmas],
  ],
  [
    'closed from Christmas to Epiphany',
    [office],
    ['2026-12-23T10:00', '2027-01-07T10:00'],
    ['2026-12-24T10:00', '2027-01-01T10:00', '2028-01-06T10:00'],
    [{ ...christmas, startDate: day('2020-12-24'), endDate: day('2021-01-06') }],
  ],
  [
    'closed once',
    [office],
    ['2027-12-24T10:00'],
    ['2026-12-24T10:00'],
    [{ ...christmas, yearly: false, startDate: day('2026-12-24'), endDate: day('2026-12-26') }],
  ],
  [
    'on 29 February only',
    [office],
    ['2027-02-26T10:00', '2027-03-01T10:00'],
    ['2028-02-29T10:00'],
    [{ ...christmas, startDate: day('2024-02-29'), endDate: day('2024-02-29') }],
  ],
  [
    'a night belongs to the day on which it began',
    [{ ...night, byday: 'TH,FR' }],
    ['2026-12-25T01:00'],
    ['2026-12-26T01:00', '2026-12-25T23:00'],
    [christmas],
  ],
  [
    'other hours in place of the usual',
    [office],
    ['2026-12-24T15:30', '2026-12-23T10:00'],
    ['2026-12-24T10:00', '2026-12-23T15:30'],
    [
      {
        ...christmas,
        startDate: day('2026-12-24'),
        endDate: day('2026-12-24'),
        closed: false,
        opensAt: '15:00',
        closesAt: '16:00',
      },
    ],
  ],
  [
    'other hours on a day on which it is usually closed',
    [office],
    ['2026-12-13T15:30'],
    ['2026-12-13T10:00'],
    [
      {
        ...christmas,
        yearly: false,
        startDate: day('2026-12-13'),
        endDate: day('2026-12-13'),
        closed: false,
        opensAt: '15:00',
        closesAt: '16:00',
      },
    ],
  ],
  [
    'other hours until after midnight',
    [office],
    ['2027-01-01T00:30'],
    ['2026-12-31T10:00', '2027-01-01T02:00'],
    [
      {
        ...christmas,
        startDate: day('2020-12-31'),
        endDate: day('2020-12-31'),
        closed: false,
        opensAt: '20:00',
        closesAt: '02:00',
      },
    ],
  ],
  [
    'closed counts more than other hours',
    [office],
    [],
    ['2026-12-25T15:30'],
    [christmas, { ...christmas, closed: false, opensAt: '15:00', closesAt: '16:00' }],
  ],
  [
    'an exception that neither closes nor has hours says nothing',
    [office],
    ['2026-12-25T10:00'],
    [],
    [{ ...christmas, closed: false }],
  ],
])('%s', async (_name, schedules, open, closed, exceptions = []) => {
  const { prisma } = database
  await addSchedules(
    prisma,
    neighbourhood,
    schedules.map((schedule) => ({ ...schedule, serviceId: service })),
  )
  await addExceptions(
    prisma,
    neighbourhood,
    exceptions.map((exception) => ({ ...exception, serviceId: service })),
  )
  const found = async (moments: string[]) =>
    Promise.all(moments.map(async (at) => `${at} ${(await isOpen(service, at)) ? 'open' : 'closed'}`))
  expect(await found(open)).toEqual(open.map((at) => `${at} open`))
  expect(await found(closed)).toEqual(closed.map((at) => `${at} closed`))
})

test.each<[name: string, schedule: Schedule]>([
  ['a description only', { description: 'Su appuntamento' }],
  ['no frequency', { ...office, freq: null }],
  ['no closing time', { ...office, closesAt: null }],
  ['a time that is none', { ...office, opensAt: '9' }],
  ['a day that is none', { ...office, byday: 'MO,XX' }],
  ['a sixth Monday', { ...office, freq: 'MONTHLY', byday: '6MO' }],
  ['a day of the month that is none', { ...office, bymonthday: '32' }],
  ['an interval of no weeks', { ...office, interval: 0 }],
  ['every other week, from when?', { ...office, interval: 2 }],
  ['three times, from when?', { ...office, count: 3 }],
  ['no day, and no start to have it from', { ...office, byday: null }],
  ['an offset that no place has', { ...office, timezone: 2499.75 }],
])('nobody knows whether it is open: %s', async (_name, schedule) => {
  await addSchedules(database.prisma, neighbourhood, [{ ...schedule, serviceId: service }])
  expect([await isOpen(service, '2026-11-23T10:00'), await next(service, '2026-11-23T10:00')]).toEqual([null, null])
})

const opens = (opensAt: string, closesAt: string) => ({ opensAt: moment(opensAt), closesAt: moment(closesAt) })

test.each<[name: string, schedules: Schedule[], after: string, expected: object | null]>([
  ['later on the same day', [office, afternoon], '2026-11-24T09:00', opens('2026-11-24T14:00', '2026-11-24T17:00')],
  ['after the weekend', [office], '2026-11-27T13:00', opens('2026-11-30T09:00', '2026-11-30T12:30')],
  ['not the one that begins just then', [night], '2026-11-28T22:00', opens('2026-12-05T22:00', '2026-12-06T02:30')],
  [
    'the one that stays open longest',
    [office, { ...office, closesAt: '18:00' }],
    '2026-11-23T00:00',
    opens('2026-11-23T09:00', '2026-11-23T18:00'),
  ],
  ['after a change of clocks', [night], '2026-10-24T23:00', opens('2026-10-31T22:00', '2026-11-01T02:30')],
  [
    'of a schedule that begins in two years',
    [{ ...office, validFrom: day('2028-11-25') }],
    '2026-11-23T00:00',
    opens('2028-11-27T09:00', '2028-11-27T12:30'),
  ],
  [
    'every two years',
    [{ ...afternoon, freq: 'MONTHLY', byday: '5FR', interval: 24, dtstart: day('2026-01-01') }],
    '2026-01-31T00:00',
    opens('2032-01-30T14:00', '2032-01-30T17:00'),
  ],
  ['none after the end', [{ ...office, validTo: day('2026-11-20') }], '2026-11-20T10:00', null],
  [
    'none where the rule names no day',
    [{ ...office, freq: 'MONTHLY', bymonthday: '31', interval: 12, dtstart: day('2026-02-01') }],
    '2026-11-23T00:00',
    null,
  ],
])('the next opening: %s', async (_name, schedules, after, expected) => {
  await addSchedules(
    database.prisma,
    neighbourhood,
    schedules.map((schedule) => ({ ...schedule, serviceId: service })),
  )
  expect(await next(service, after)).toEqual(expected)
})

test('the next opening leaves out days that are closed, and takes those with other hours', async () => {
  const { prisma } = database
  await addSchedules(prisma, neighbourhood, [{ ...office, serviceId: service }])
  await addExceptions(prisma, neighbourhood, [
    { ...christmas, serviceId: service, endDate: day('2020-12-26') },
    {
      ...christmas,
      serviceId: service,
      startDate: day('2020-12-27'),
      endDate: day('2020-12-27'),
      closed: false,
      opensAt: '10:00',
      closesAt: '11:00',
    },
  ])
  expect(await next(service, '2026-12-24T12:00')).toEqual(opens('2026-12-27T10:00', '2026-12-27T11:00'))
  expect(await next(service, '2026-12-27T12:00')).toEqual(opens('2026-12-28T09:00', '2026-12-28T12:30'))
})

test('at a place its own schedules count, else those of the service, else those of the building', async () => {
  const { prisma } = database
  const [withOwn, withService, withBuilding] = [
    await makeLocation(prisma, neighbourhood),
    await makeLocation(prisma, neighbourhood),
    await makeLocation(prisma, neighbourhood),
  ]
  const [other] = await makeServices(prisma, neighbourhood, 1)
  const own = await bringTo(prisma, neighbourhood, service, withOwn)
  const services = await bringTo(prisma, neighbourhood, service, withService)
  const building = await bringTo(prisma, neighbourhood, other!, withBuilding)
  await addSchedules(prisma, neighbourhood, [
    { ...office, byday: 'MO', serviceAtLocationId: own },
    { ...office, byday: 'TU', serviceId: service },
    { ...office, byday: 'WE', locationId: withService },
    { ...office, byday: 'TH', locationId: withBuilding },
  ])
  const week = ['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26']
  const days = async (id: string, opener: Opener) =>
    (await Promise.all(week.map((day) => isOpen(id, `${day}T10:00`, opener)))).map(Number).join('')
  expect(await days(own, 'serviceAtLocation')).toBe('1000')
  expect(await days(services, 'serviceAtLocation')).toBe('0100')
  expect(await days(building, 'serviceAtLocation')).toBe('0001')
  expect(await days(service, 'service')).toBe('1100')
  expect(await days(other!, 'service')).toBe('0001')
  expect(await days(withService, 'location')).toBe('0010')
  expect(await isOpen(withOwn, '2026-11-23T10:00', 'location')).toBe(null)
})

test('a building that closes closes its services, and its other hours are of who keeps its hours', async () => {
  const { prisma } = database
  const location = await makeLocation(prisma, neighbourhood)
  const [keeping] = await makeServices(prisma, neighbourhood, 1)
  await bringTo(prisma, neighbourhood, service, location)
  await bringTo(prisma, neighbourhood, keeping!, location)
  await addSchedules(prisma, neighbourhood, [
    { ...office, serviceId: service },
    { ...office, locationId: location },
  ])
  const once = { ...christmas, yearly: false, locationId: location }
  await addExceptions(prisma, neighbourhood, [
    { ...once, startDate: day('2026-11-24'), endDate: day('2026-11-24') },
    {
      ...once,
      startDate: day('2026-11-25'),
      endDate: day('2026-11-25'),
      closed: false,
      opensAt: '15:00',
      closesAt: '16:00',
    },
  ])
  const at = async (id: string, opener: Opener = 'service') =>
    (await Promise.all(['24T10:00', '25T10:00', '25T15:30'].map((at) => isOpen(id, `2026-11-${at}`, opener))))
      .map(Number)
      .join('')
  expect(await at(service)).toBe('010')
  expect(await at(keeping!)).toBe('001')
  expect(await at(location, 'location')).toBe('001')
})

test('openings follow whatever happens to schedules and places', async () => {
  const { prisma } = database
  const monday = '2026-11-23T10:00'
  await addSchedules(prisma, neighbourhood, [{ ...office, serviceId: service }])
  expect(await isOpen(service, monday)).toBe(true)
  await prisma.schedule.updateMany({ where: { serviceId: service }, data: { byday: 'TU' } })
  expect(await isOpen(service, monday)).toBe(false)
  expect(await isOpen(service, '2026-11-24T10:00')).toBe(true)
  const location = await makeLocation(prisma, neighbourhood)
  const presence = await bringTo(prisma, neighbourhood, service, location)
  await addSchedules(prisma, neighbourhood, [{ ...office, byday: 'WE', serviceAtLocationId: presence }])
  expect(await isOpen(presence, '2026-11-24T10:00', 'serviceAtLocation')).toBe(false)
  await prisma.schedule.deleteMany({ where: { serviceAtLocationId: presence } })
  expect(await isOpen(presence, '2026-11-24T10:00', 'serviceAtLocation')).toBe(true)
  await prisma.serviceAtLocation.delete({ where: { id: presence } })
  await prisma.schedule.deleteMany({ where: { serviceId: service } })
  expect(await isOpen(service, monday)).toBe(null)
  await prisma.network.delete({ where: { id: neighbourhood.networkId } })
  expect(
    await prisma.$queryRaw`SELECT FROM derived.opening WHERE network_id = ${neighbourhood.networkId}::uuid`,
  ).toEqual([])
})

test('openings follow a schedule that is written where no schema is looked for, as a restore does', async () => {
  const { prisma } = database
  await addSchedules(prisma, neighbourhood, [{ ...office, serviceId: service }])
  await prisma.$transaction([
    prisma.$executeRaw`SELECT set_config('search_path', '', true)`,
    prisma.$executeRaw`UPDATE public.schedule SET byday = 'SA' WHERE service_id = ${service}::uuid`,
  ])
  expect(await isOpen(service, '2026-11-28T10:00')).toBe(true)
})

test('a search learns the place where a service is open, and nothing of other networks', async () => {
  const { prisma } = database
  const location = await makeLocation(prisma, neighbourhood)
  const [byTelephone] = await makeServices(prisma, neighbourhood, 1)
  await bringTo(prisma, neighbourhood, service, location)
  await addSchedules(prisma, neighbourhood, [
    { ...office, serviceId: service },
    { ...office, serviceId: byTelephone },
  ])
  const open = (networkId: string) => prisma.$queryRaw<object[]>(openServices(networkId, moment('2026-11-23T10:00')))
  const found = await open(neighbourhood.networkId)
  expect(found).toHaveLength(2)
  expect(found).toContainEqual({ service_id: service, location_id: location })
  expect(found).toContainEqual({ service_id: byTelephone, location_id: null })
  expect(await open((await makeNeighbourhood(database)).networkId)).toEqual([])
})
