import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Actor } from '../../../actor.ts'
import { encodeGlobalId } from '../../../graphql/global-id.ts'
import { type Answered, mutate, partnerKey, staffMember } from '../../../testing/mutate.ts'
import { databaseForTest } from '../../../testing/test-database.ts'
import { verifyAudit } from '../../trace/verify-audit.ts'

const shown: Record<string, string> = {
  Phase: 'id position name description startsOn endsOn recordVersion',
  NetworkEvent: 'id name description startsOn endsOn venue municipality { istatCode } recordVersion',
  Network: 'id name description territoryName recordVersion phases { name }',
}
const made = (name: string) => (/^remove|Network$/.test(name) ? 'Network' : name.replace(/^(create|change)/, ''))

async function network() {
  const database = await databaseForTest('demonstration')
  const { prisma } = database
  const { id: networkId, recordVersion } = await prisma.network.findFirstOrThrow()
  const { id: elsewhere } = await prisma.network.create({ data: { slug: 'elsewhere', name: 'Elsewhere' } })
  const coordinator = staffMember('network_coordinator', networkId)
  const send = (name: string, input: object, actor: Actor = coordinator): Promise<Answered> =>
    mutate(database, actor, name, input, shown[made(name)])
  const create = (kind: 'Phase' | 'NetworkEvent', input: object, actor?: Actor) =>
    send(
      `create${kind}`,
      { idempotencyKey: randomUUID(), network: encodeGlobalId('Network', networkId), name: 'Ascolto', ...input },
      actor,
    )
  return { database, prisma, networkId, elsewhere, recordVersion, send, create }
}

const phase = { position: 9, startsOn: '2027-01-01' }
const event = { startsOn: '2027-02-01' }

test('a phase is made, changed and removed, each on the record', async () => {
  const { prisma, create, send } = await network()
  const first = await create('Phase', { ...phase, description: ' The survey. ' })
  expect(first).toMatchObject({ position: 9, name: 'Ascolto', description: 'The survey.', endsOn: null })
  const input = { phase: first.id, expectedVersion: 1, description: null, endsOn: '2027-01-01', name: null }
  expect(await send('changePhase', input)).toEqual({
    ...first,
    description: null,
    endsOn: '2027-01-01',
    recordVersion: 2,
  })
  const removed = await send('removePhase', { phase: first.id, expectedVersion: 2 })
  expect(removed.phases).not.toContainEqual({ name: 'Ascolto' })
  const entries = await prisma.auditEntry.findMany({ orderBy: { position: 'asc' } })
  expect(entries.map(({ action }) => action)).toEqual(['phase.create', 'phase.change', 'phase.remove'])
  expect(new Set(entries.map(({ recordKey }) => recordKey)).size).toBe(1)
  expect(await verifyAudit(prisma)).not.toHaveProperty('fault')
})

test.each(['Phase', 'NetworkEvent'] as const)(
  'a change of a %s with a key that is repeated is answered as the first, also when it is there no more',
  async (kind) => {
    const { prisma, create, send } = await network()
    const { id } = await create(kind, kind === 'Phase' ? phase : event)
    const name = kind === 'Phase' ? 'phase' : 'event'
    const change = { [name]: id, expectedVersion: 1, idempotencyKey: randomUUID(), description: 'new' }
    const [first, second] = await Promise.all([send(`change${kind}`, change), send(`change${kind}`, change)])
    expect(first).toMatchObject({ description: 'new', recordVersion: 2 })
    expect(second).toEqual(first)
    const other = { ...change, description: 'other' }
    expect(await send(`change${kind}`, other)).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' })
    const { idempotencyKey, ...unnamed } = change
    expect(await send(`change${kind}`, unnamed)).toMatchObject({ code: 'VERSION_CONFLICT' })
    const removal = { [name]: id, expectedVersion: 2, idempotencyKey: randomUUID() }
    const removed = await send(`remove${kind}`, removal)
    expect(removed).toMatchObject({ __typename: 'Network' })
    expect(await send(`remove${kind}`, removal)).toEqual(removed)
    expect(await send(`change${kind}`, change)).toMatchObject({ code: 'RECORD_GONE' })
    expect(await prisma.auditEntry.count()).toBe(3)
  },
)

test('an event is made, changed and removed, each on the record', async () => {
  const { prisma, create, send } = await network()
  const first = await create('NetworkEvent', { ...event, venue: 'Municipio', municipality: '004029' })
  expect(first).toMatchObject({ venue: 'Municipio', municipality: { istatCode: '004029' }, recordVersion: 1 })
  const input = {
    event: first.id,
    expectedVersion: 1,
    name: 'Apertura',
    startsOn: '2027-03-01',
    municipality: '004003',
  }
  const told = { name: 'Apertura', startsOn: '2027-03-01', municipality: { istatCode: '004003' }, recordVersion: 2 }
  expect(await send('changeNetworkEvent', input)).toEqual({ ...first, ...told })
  const emptied = { event: first.id, expectedVersion: 2, venue: null, municipality: null }
  expect(await send('changeNetworkEvent', emptied)).toMatchObject({ venue: null, municipality: null })
  await send('removeNetworkEvent', { event: first.id, expectedVersion: 3 })
  expect(await prisma.networkEvent.count({ where: { name: 'Apertura' } })).toBe(0)
  const entries = await prisma.auditEntry.findMany({ orderBy: { position: 'asc' } })
  const steps = ['create', 'change', 'change', 'remove'].map((step) => `network_event.${step}`)
  expect(entries.map(({ action }) => action)).toEqual(steps)
})

test('what can not be is refused, made and changed alike, and changes nothing', async () => {
  const { prisma, create, send } = await network()
  // Rome is known, and of another territory.
  await prisma.municipality.create({
    data: { istatCode: '058091', name: 'Roma', cadastralCode: 'H501', province: 'RM' },
  })
  const records = { Phase: await create('Phase', phase), NetworkEvent: await create('NetworkEvent', event) }
  const wrongs: [kind: keyof typeof records, wrong: object, code: string][] = [
    ['Phase', { endsOn: '2026-12-31' }, 'DAYS_REVERSED'],
    ['Phase', { position: 0 }, 'POSITION_INVALID'],
    ['Phase', { position: 1 }, 'POSITION_TAKEN'],
    ['Phase', { name: ' ' }, 'TEXT_EMPTY'],
    ['Phase', { name: 'x'.repeat(201) }, 'TEXT_TOO_LONG'],
    ['Phase', { description: 'x'.repeat(5_001) }, 'TEXT_TOO_LONG'],
    ['NetworkEvent', { endsOn: '2026-12-31' }, 'DAYS_REVERSED'],
    ['NetworkEvent', { venue: 'x'.repeat(201) }, 'TEXT_TOO_LONG'],
    ['NetworkEvent', { municipality: '058091' }, 'MUNICIPALITY_UNKNOWN'],
    ['NetworkEvent', { municipality: 'Bra' }, 'MUNICIPALITY_UNKNOWN'],
  ]
  for (const [kind, wrong, code] of wrongs) {
    const right = kind === 'Phase' ? { ...phase, position: 10 } : { ...event, name: 'Another' }
    const refused = { code, path: Object.keys(wrong) }
    expect(await create(kind, { ...right, ...wrong }), JSON.stringify(wrong)).toMatchObject(refused)
    const record = { [kind === 'Phase' ? 'phase' : 'event']: records[kind].id, expectedVersion: 1 }
    expect(await send(`change${kind}`, { ...record, ...wrong }), JSON.stringify(wrong)).toMatchObject(refused)
  }
  expect(await prisma.auditEntry.count()).toBe(2)
})

test('an event that is there already is not made twice, and one that stays is not in its own way', async () => {
  const { create, send } = await network()
  const { id } = await create('NetworkEvent', event)
  expect(await create('NetworkEvent', event)).toMatchObject({ code: 'EVENT_EXISTS', path: ['name'] })
  expect(await send('changeNetworkEvent', { event: id, expectedVersion: 1, name: 'Ascolto' })).toMatchObject({ id })
  const { id: one } = await create('Phase', phase)
  expect(await send('changePhase', { phase: one, expectedVersion: 1, position: 9 })).toMatchObject({ id: one })
})

test('of two at once for the same place one gets it; of two changes of the same version one counts', async () => {
  const { create, send } = await network()
  const both = await Promise.all([create('Phase', phase), create('Phase', phase)])
  expect(both.map(({ code }) => code).sort()).toEqual(['POSITION_TAKEN', undefined])
  const { id } = both.find(({ code }) => code === undefined)!
  const changes = ['a', 'b'].map((name) => send('changePhase', { phase: id, expectedVersion: 1, name }))
  const removal = send('removePhase', { phase: id, expectedVersion: 1 })
  const codes = (await Promise.all([...changes, removal])).map(({ code }) => code)
  expect(codes.filter((code) => code === undefined)).toHaveLength(1)
  expect(codes.filter((code) => /^(VERSION_CONFLICT|PHASE_UNKNOWN)$/.test(code ?? ''))).toHaveLength(2)
})

test('a repeat is answered as the first, and says so when what it made is gone', async () => {
  const { prisma, create, send } = await network()
  const input = { ...phase, idempotencyKey: 'one' }
  const [first, second] = await Promise.all([create('Phase', input), create('Phase', input)])
  expect(second).toEqual(first)
  expect(await create('Phase', { ...input, name: 'Another' })).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' })
  expect(await prisma.phase.count({ where: { position: 9 } })).toBe(1)
  await send('removePhase', { phase: first.id, expectedVersion: 1 })
  expect(await create('Phase', input)).toMatchObject({ code: 'RECORD_GONE', path: ['idempotencyKey'] })
})

test("what is another network's is refused as what is not there", async () => {
  const { networkId, elsewhere, create, send, prisma } = await network()
  const { id: ofPhase } = await create('Phase', phase)
  const { id: ofEvent } = await create('NetworkEvent', event)
  const abroad = [
    staffMember('network_coordinator', elsewhere),
    partnerKey(elsewhere, randomUUID(), 'network_coordinate'),
  ]
  const nowhere = (type: string) => encodeGlobalId(type, randomUUID())
  const steps: [name: string, own: object, none: object, code: string][] = [
    ...['changePhase', 'removePhase'].map(
      (name) =>
        [name, { phase: ofPhase }, { phase: nowhere('Phase') }, 'PHASE_UNKNOWN'] as [string, object, object, string],
    ),
    ...['changeNetworkEvent', 'removeNetworkEvent'].map(
      (name) =>
        [name, { event: ofEvent }, { event: nowhere('NetworkEvent') }, 'EVENT_UNKNOWN'] as [
          string,
          object,
          object,
          string,
        ],
    ),
    [
      'changeNetwork',
      { network: encodeGlobalId('Network', networkId) },
      { network: nowhere('Network') },
      'NETWORK_UNKNOWN',
    ],
  ]
  for (const [name, own, none, code] of steps) {
    const unknown = await send(name, { ...none, expectedVersion: 1 })
    expect(unknown).toMatchObject({ code })
    for (const actor of abroad) expect(await send(name, { ...own, expectedVersion: 1 }, actor)).toEqual(unknown)
  }
  for (const actor of abroad) {
    expect(await create('Phase', phase, actor)).toMatchObject({ code: 'NETWORK_UNKNOWN', path: ['network'] })
  }
  expect(await prisma.auditEntry.count()).toBe(2)
})

test('a network tells of itself what its coordinators say, and its areas follow the name of its territory', async () => {
  const { prisma, networkId, recordVersion, send } = await network()
  const known = { network: encodeGlobalId('Network', networkId), expectedVersion: recordVersion }
  const before = await prisma.serviceArea.count({ where: { wholeTerritory: true } })
  expect(before).toBeGreaterThan(0)
  const changed = await send('changeNetwork', {
    ...known,
    name: ' La rete ',
    territoryName: 'Elsewhere',
    description: null,
  })
  expect(changed).toMatchObject({ name: 'La rete', territoryName: 'Elsewhere', description: null })
  expect(await prisma.serviceArea.count({ where: { wholeTerritory: true } })).toBe(0)
  expect(await send('changeNetwork', { ...known, name: 'Other' })).toMatchObject({ code: 'VERSION_CONFLICT' })
  const next = { ...known, expectedVersion: changed.recordVersion as number }
  expect(await send('changeNetwork', { ...next, name: '' })).toMatchObject({ code: 'TEXT_EMPTY', path: ['name'] })
  expect(await prisma.auditEntry.findMany()).toMatchObject([{ action: 'network.change', recordKey: networkId }])
})
