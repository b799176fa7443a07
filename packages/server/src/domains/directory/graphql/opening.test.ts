import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { connect } from '../../../database/connect.ts'
import { addSchedules, makeNeighbourhood, makeServices } from '../../../testing/open-places.ts'
import { copyTemplate } from '../../../testing/test-database.ts'
import { serve, startTestServer, type TestServer } from '../../../testing/test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer('demonstration')
})
afterAll(() => server.close())

/** What the demonstration's service with a name answers. */
async function ask(name: string, fields: string): Promise<Record<string, unknown>> {
  const { id } = await server.database.prisma.service.findFirstOrThrow({ where: { name }, select: { id: true } })
  const { data, errors } = await server.ask<{ service: Record<string, unknown> }>(
    `query ($id: ID!) { service(id: $id) { ${fields} } }`,
    { id: `service_${id.replaceAll('-', '')}` },
  )
  expect(errors).toBeUndefined()
  return data.service
}

test('a monthly and a two-weekly service is open on its days and not on those between', async () => {
  expect(
    await ask(
      'Mai soli: famiglie e malattie rare',
      'last: openAt(moment: "2026-11-26T21:00:00+01:00") other: openAt(moment: "2026-11-19T21:00:00+01:00")',
    ),
  ).toEqual({ last: true, other: false })
  expect(
    await ask(
      'Famiglie in gioco',
      'even: openAt(moment: "2026-11-30T21:00:00+01:00") odd: openAt(moment: "2026-11-23T21:00:00+01:00")',
    ),
  ).toEqual({ even: true, odd: false })
})

test('a service that closes after midnight is open until then', async () => {
  expect(
    await ask(
      'Notti in cortile, educativa di strada',
      'before: openAt(moment: "2026-11-29T00:29:59+01:00") after: openAt(moment: "2026-11-29T00:30:00+01:00")',
    ),
  ).toEqual({ before: true, after: false })
})

test('the next opening tells when it opens and closes', async () => {
  const fields = 'nextOpening(after: "2026-11-23T12:00:00+01:00") { opensAt closesAt }'
  expect(await ask('Porte aperte al lavoro', fields)).toEqual({
    nextOpening: { opensAt: '2027-01-06T13:00:00.000Z', closesAt: '2027-01-06T16:00:00.000Z' },
  })
})

test('now is the same moment in all of a request', async () => {
  const { openNow, nextOpening } = await ask('Punto Welfare di Alba', 'openNow nextOpening { opensAt }')
  expect(openNow).toBeTypeOf('boolean')
  expect(new Date((nextOpening as { opensAt: string }).opensAt).getTime()).toBeGreaterThan(Date.now() - 60_000)
})

test('opening hours are told in both languages, and in Italian when none is asked for', async () => {
  expect(
    await ask(
      'Sportello tutele',
      'default: openingHours it: openingHours(language: IT) en: openingHours(language: EN)',
    ),
  ).toEqual({
    default: 'Martedì 9:30–12:30; il terzo giovedì del mese 14:30–17:30',
    it: 'Martedì 9:30–12:30; il terzo giovedì del mese 14:30–17:30',
    en: 'Tuesday 9:30–12:30; the third Thursday of the month 14:30–17:30',
  })
})

test('a course of eight evenings tells its last', async () => {
  const { openingHours } = await ask('Respiro: gruppi contro ansia e stress', 'openingHours')
  expect(openingHours).toMatch(/3 marzo( 2027)?: mercoledì, per 8 volte, 18:30–20:00|Orario terminato il 3 marzo/)
})

test('every service of the demonstration, at its places and in its buildings, answers all four', async () => {
  const four =
    'openNow openAt(moment: "2026-11-24T10:00:00+01:00") nextOpening { opensAt closesAt } openingHours(language: EN)'
  const rows = await server.database.prisma.service.findMany({ select: { id: true }, take: 100 })
  const { data, errors } = await server.ask<{ nodes: Answers[] }>(
    `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Service {
      name ${four} serviceAtLocations { ${four} location { ${four} } }
    } } }`,
    { ids: rows.map(({ id }) => `service_${id.replaceAll('-', '')}`) },
  )
  expect(errors).toBeUndefined()
  const services = data.nodes
  expect(services.length).toBeGreaterThan(40)
  // A service is open exactly when somebody says so: its places, or itself where it has none.
  for (const { openAt, serviceAtLocations } of services) {
    if (serviceAtLocations.length > 0 && openAt === false)
      expect(serviceAtLocations.map((place) => place.openAt)).not.toContain(true)
  }
  expect(new Set(services.map(({ openAt }) => openAt))).toContain(true)
  expect(new Set(services.map(({ openAt }) => openAt))).toContain(false)
  for (const { name, openingHours, openAt } of services) {
    if (openAt !== null)
      expect({ name, openingHours }).toEqual({ name, openingHours: expect.stringMatching(/\d:\d\d–|24 hours|ended/) })
  }
})

interface Answers {
  name: string
  openAt: boolean | null
  openingHours: string | null
  serviceAtLocations: Answers[]
}

test('a moment that is none is told', async () => {
  const { errors } = await server.ask(
    '{ network(slug: "alba-bra") { services(first: 1) { nodes { openAt(moment: "Saturday") } } } }',
  )
  expect(errors?.[0]?.message).toContain('Saturday')
})

test.each([
  ['openAt(moment: "0000-12-31T12:00:00Z")', 'moment'],
  ['openAt(moment: "9999-01-01T00:00:00Z")', 'moment'],
  ['nextOpening(after: "9999-12-31T23:00:00-05:00") { opensAt }', 'after'],
])('%s is outside the years that can be asked about', async (field, argument) => {
  const { errors } = await server.ask(`{ network(slug: "alba-bra") { services(first: 1) { nodes { ${field} } } } }`)
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }])
  expect(errors?.[0]?.message).toBe(`${argument}: in the years 1 to 9998`)
})

test('the first and the last moment that can be asked about are answered', async () => {
  const [first, last] = ['0001-01-01T00:00:00Z', '9998-12-31T23:59:59Z']
  const fields = [first, last].map(
    (at, index) => `o${index}: openAt(moment: "${at}") n${index}: nextOpening(after: "${at}") { opensAt closesAt }`,
  )
  const answers = await ask('Sportello tutele', fields.join(' '))
  expect(answers).toEqual({ o0: false, o1: false, n0: expect.anything(), n1: expect.anything() })
})

test.each(['openAt(moment: "…")', 'nextOpening(after: "…") { opensAt }'])(
  '%s: hundreds at once are refused',
  async (field) => {
    const { id } = await server.database.prisma.service.findFirstOrThrow({ select: { id: true } })
    const at = (index: number) => new Date(Date.parse('2026-11-23T08:00:00Z') + index * 60_000).toISOString()
    const ofService = (count: number) => {
      const asked = Array.from({ length: count }, (_, index) => `a${index}: ${field.replace('…', at(index))}`)
      return server.ask<{ service: object }>(
        `{ service(id: "service_${id.replaceAll('-', '')}") { ${asked.join(' ')} } }`,
      )
    }
    expect((await ofService(50)).errors).toBeUndefined()
    const { errors } = await ofService(190)
    expect(errors).toHaveLength(140)
    for (const error of errors!) expect(error).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } })
    expect(errors![0]!.message).toContain('at most 50 different moments')
  },
)

test('answers are the same whatever time zone the database is set to', async () => {
  const { place, remove } = await copyTemplate('empty')
  onTestFinished(remove)
  // All connections to a server; the embedded database has one.
  const database = await connect('url' in place ? { url: `${place.url}?options=-c%20timezone%3DAsia/Tokyo` } : place)
  if (database.embedded) await database.prisma.$executeRaw`SELECT set_config('timezone', 'Asia/Tokyo', false)`
  const inTokyo = await serve(database)
  onTestFinished(() => inTokyo.close())
  expect(await database.prisma.$queryRaw`SHOW timezone`).toEqual([{ TimeZone: 'Asia/Tokyo' }])

  // Open every day from an hour before the time that it is now to an hour after.
  const neighbourhood = await makeNeighbourhood(database)
  const [id] = await makeServices(database.prisma, neighbourhood, 1)
  const { slug } = await database.prisma.network.findUniqueOrThrow({ where: { id: neighbourhood.networkId } })
  const now = Date.now() - (Date.now() % 60_000)
  const at = (hours: number) => new Date(now + hours * 3_600_000).toISOString()
  const [opensAt, closesAt] = [at(-1), at(1)].map((time) => `${time.slice(11, 16)}Z`)
  await addSchedules(database.prisma, neighbourhood, [
    { serviceId: id!, freq: 'WEEKLY', byday: 'MO,TU,WE,TH,FR,SA,SU', opensAt, closesAt },
  ])
  const { data } = await inTokyo.ask<object>(
    `query ($id: ID!, $slug: String!, $now: DateTime!) {
      service(id: $id) { openNow openAt(moment: $now) nextOpening(after: $now) { opensAt closesAt } }
      network(slug: $slug) { services(first: 1, filter: { openAt: $now }) { nodes { openNow } } }
    }`,
    { id: `service_${id!.replaceAll('-', '')}`, slug, now: at(0) },
  )
  expect(data).toEqual({
    service: { openNow: true, openAt: true, nextOpening: { opensAt: at(23), closesAt: at(25) } },
    network: { services: { nodes: [{ openNow: true }] } },
  })
})
