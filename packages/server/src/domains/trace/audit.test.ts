import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Database, Transaction } from '../../database/connect.ts'
import { ageAuditLog } from '../../testing/age-audit-log.ts'
import { asOwner, databaseForTest } from '../../testing/test-database.ts'
import { type Act, recordAct } from './record-act.ts'
import { verifyAudit } from './verify-audit.ts'

const keyId = '0190d000-0000-7000-8000-000000000001'

const act: Act = {
  doer: { kind: 'partner', keyId },
  action: 'service.create',
  networkId: '0190d000-0000-7000-8000-00000000000a',
  recordKey: '0190d000-0000-7000-8000-00000000000b',
  requestId: 'request-1',
}

test('an act is an entry once its transaction has ended, and was never told when that is rolled back', async () => {
  const { prisma } = await databaseForTest('empty')
  await prisma.$transaction(async (tx) => {
    await recordAct(tx, act)
    await recordAct(tx, { ...act, action: 'service.publish' })
  })
  const failing = prisma.$transaction(async (tx) => {
    await recordAct(tx, { ...act, action: 'service.retire' })
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  await recordAct(prisma, { ...act, doer: { kind: 'server' }, action: 'retention.apply', networkId: null })
  const entries = await prisma.auditEntry.findMany({ orderBy: { position: 'asc' } })
  expect(entries.map(({ position, action }) => `${position} ${action}`)).toEqual([
    '1 service.create',
    '2 service.publish',
    '3 retention.apply',
  ])
  expect(entries[0]).toMatchObject({
    networkId: act.networkId,
    actorKind: 'partner',
    actorReference: keyId,
    recordKey: act.recordKey,
    requestId: 'request-1',
  })
  expect(Math.abs(Date.now() - entries[0]!.moment.getTime())).toBeLessThan(60_000)
  expect(await asOwner({ prisma }, (tx) => tx.auditAct.count())).toBe(0)
  expect(await verifyAudit(prisma)).toEqual({ count: 3, last: Buffer.from(entries[2]!.hash).toString('hex') })
})

test('of what a person does, the log says neither who, nor to which record, nor from which request', async () => {
  const { prisma } = await databaseForTest('empty')
  await recordAct(prisma, { ...act, doer: { kind: 'person' }, action: 'person.export' })
  await recordAct(prisma, { ...act, doer: { kind: 'staff', memberId: keyId }, action: 'person.erase' })
  const nobody = { actorReference: null, recordKey: null, requestId: null }
  const entries = await prisma.auditEntry.findMany({ orderBy: { position: 'asc' } })
  expect(entries).toMatchObject([
    { ...nobody, actorKind: 'person' },
    { actorKind: 'staff', actorReference: keyId, recordKey: null, requestId: 'request-1' },
  ])
  // Nor could anything else that writes there.
  for (const column of ['record_key', 'request_id', 'actor_reference']) {
    const value = column === 'actor_reference' ? `'${keyId}'` : `'request-1'`
    const write = prisma.$executeRawUnsafe(
      `INSERT INTO audit_act (actor_kind, action, ${column}) VALUES ('person', 'person.export', ${value})`,
    )
    await expect(write, column).rejects.toThrow(/audit_act_(person|actor)/)
  }
})

test('no value fits into an entry', async () => {
  const { prisma } = await databaseForTest('empty')
  for (const wrong of [{ recordKey: 'Mario Rossi' }, { requestId: 'mario@example.org' }]) {
    await expect(recordAct(prisma, { ...act, ...wrong })).rejects.toThrow(/audit_act_/)
  }
})

test('the log only grows, for its owner too', async () => {
  const { prisma } = await databaseForTest('empty')
  await recordAct(prisma, act)
  for (const statement of [
    `UPDATE audit_entry SET action = 'service.retire'`,
    'UPDATE audit_entry SET position = position',
    'DELETE FROM audit_entry',
    'TRUNCATE audit_entry',
  ]) {
    await expect(prisma.$executeRawUnsafe(statement), statement).rejects.toThrow('permission denied')
    const owner = asOwner({ prisma }, (tx) => tx.$executeRawUnsafe(statement))
    await expect(owner, statement).rejects.toThrow('The audit log only grows')
  }
  expect(await verifyAudit(prisma)).toMatchObject({ count: 1 })
})

test('the application tells acts and reads entries, and may do nothing else', async ({ skip }) => {
  const { prisma } = await databaseForTest('empty')
  const [{ there }] = await prisma.$queryRaw<[{ there: boolean }]>`
    SELECT to_regrole('welfare_network_app') IS NOT NULL AS there`
  skip(!there, 'No migration makes the role welfare_network_app.')
  const asApplication = <T>(work: (tx: Transaction) => Promise<T>) =>
    prisma.$transaction(async (tx) => {
      await tx.$executeRaw`SET LOCAL ROLE welfare_network_app`
      return work(tx)
    })
  await asApplication((tx) => recordAct(tx, act))
  expect(await asApplication((tx) => verifyAudit(tx))).toMatchObject({ count: 1 })
  for (const statement of [
    'INSERT INTO audit_entry SELECT * FROM audit_entry',
    'UPDATE audit_entry SET position = 2',
    'DELETE FROM audit_entry',
    'TRUNCATE audit_entry',
    'SELECT FROM audit_act',
    'DELETE FROM audit_act',
    'ALTER TABLE audit_entry DISABLE TRIGGER ALL',
    'SET LOCAL session_replication_role = replica',
  ]) {
    const refused = asApplication((tx) => tx.$executeRawUnsafe(statement))
    await expect(refused, statement).rejects.toThrow(/permission denied|must be owner/)
  }
})

test('fifty transactions at once make one unbroken chain', async () => {
  const { prisma } = await databaseForTest('empty')
  const all = Array.from({ length: 50 }, (_, index) =>
    prisma.$transaction(
      async (tx) => {
        await recordAct(tx, { ...act, requestId: `request-${index}` })
        // Rows that are locked after the act, in both orders: the chain must not come in between.
        for (const slug of index % 2 === 0 ? ['a', 'b'] : ['b', 'a']) {
          await tx.$executeRaw`SELECT pg_advisory_xact_lock_shared(hashtext(${slug}))`
        }
        if (index % 10 === 9) throw new Error('rolled back')
      },
      { maxWait: 60_000, timeout: 60_000 },
    ),
  )
  const ended = await Promise.allSettled(all)
  expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(45)
  expect(await verifyAudit(prisma)).toMatchObject({ count: 45 })
  expect(await verifyAudit(prisma)).not.toHaveProperty('fault')
  const requests = await prisma.auditEntry.findMany({ select: { requestId: true } })
  expect(new Set(requests.map(({ requestId }) => requestId)).size).toBe(45)
})

const columns: [column: string, value: string][] = [
  ['moment', `moment + interval '1 millisecond'`],
  ['network_id', 'NULL'],
  ['actor_kind', `'operator'`],
  ['actor_reference', 'NULL'],
  ['action', `'service.retire'`],
  ['record_key', `'other'`],
  ['request_id', 'NULL'],
  ['previous', `'\\x00'`],
  ['hash', `sha256('other')`],
]

const tamperings: [what: string, sql: string, firstFault: bigint][] = [
  ...columns.flatMap(([column, value]): [string, string, bigint][] =>
    [1n, 3n].map((position) => [
      `${column} of entry ${position} is changed`,
      `UPDATE audit_entry SET ${column} = ${value} WHERE position = ${position}`,
      position,
    ]),
  ),
  ['an entry is moved to the end', 'UPDATE audit_entry SET position = 6 WHERE position = 3', 3n],
  // Whether a beginning was rightly removed is told further on, so what comes first there is found first.
  ['the first is moved to the end', 'UPDATE audit_entry SET position = 6 WHERE position = 1', 6n],
  ['the first is removed', 'DELETE FROM audit_entry WHERE position = 1', 1n],
  ['one in the middle is removed', 'DELETE FROM audit_entry WHERE position = 3', 3n],
  ['one is removed, and those after it move up', removedAndClosed(3), 3n],
  ['the first is removed, and all move up', removedAndClosed(1), 1n],
  [
    'two change places',
    'UPDATE audit_entry SET position = 100 WHERE position = 2; UPDATE audit_entry SET position = 2 WHERE position = 3; UPDATE audit_entry SET position = 3 WHERE position = 100',
    2n,
  ],
  ['one is put in before the first', copyTo(0), 1n],
  [
    'one is put in between',
    `UPDATE audit_entry SET position = position + 100 WHERE position > 2; UPDATE audit_entry SET position = position - 99 WHERE position > 100; ${copyTo(3)}`,
    3n,
  ],
  ['one is put in at the end', copyTo(6), 6n],
]

function removedAndClosed(position: number): string {
  return `DELETE FROM audit_entry WHERE position = ${position}; UPDATE audit_entry SET position = position + 100 WHERE position > ${position}; UPDATE audit_entry SET position = position - 101 WHERE position > 100`
}

function copyTo(position: number): string {
  return `INSERT INTO audit_entry SELECT ${position}, moment, network_id, actor_kind, actor_reference, action, record_key, request_id, previous, hash FROM audit_entry WHERE position = 1`
}

test('whatever is changed, removed, moved or put in is found, and where', async () => {
  const { prisma } = await databaseForTest('empty')
  await fiveEntries(prisma)
  for (const [what, sql, position] of tamperings) {
    const found = await tampered(prisma, sql, (tx) => verifyAudit(tx))
    expect({ what, position: found.fault?.position }).toEqual({ what, position })
  }
  expect(await verifyAudit(prisma)).not.toHaveProperty('fault')
})

test('an end that was cut off is found by an anchor that somebody kept', async () => {
  const { prisma } = await databaseForTest('empty')
  await fiveEntries(prisma)
  const { last } = await verifyAudit(prisma)
  const cut = 'DELETE FROM audit_entry WHERE position > 3'
  expect(await tampered(prisma, cut, (tx) => verifyAudit(tx))).toMatchObject({ count: 3 })
  const found = await tampered(prisma, cut, (tx) => verifyAudit(tx, last!))
  expect(found.fault).toMatchObject({ position: 4n, reason: expect.stringContaining('anchor') })
  const none = await tampered(prisma, 'DELETE FROM audit_entry', (tx) => verifyAudit(tx, last!))
  expect(none.fault).toMatchObject({ position: 1n })

  // The log goes on, and the anchor holds.
  await recordAct(prisma, act)
  expect(await verifyAudit(prisma, last!)).not.toHaveProperty('fault')
})

test('entries are taken away after ten years, from the oldest on, and the log says so', async () => {
  const { prisma } = await databaseForTest('empty')
  await fiveEntries(prisma)
  const shorten = async (tx: Transaction, size: number) =>
    (await tx.$queryRaw<[{ removed: number }]>`SELECT shorten_audit(${size}::integer) AS removed`)[0].removed
  expect(await shorten(prisma, 100)).toBe(0)
  await ageAuditLog({ prisma }, 3)
  const { last, fault } = await verifyAudit(prisma)
  expect(fault).toBeUndefined()
  expect(await shorten(prisma, 2)).toBe(2)
  expect(await shorten(prisma, 2)).toBe(1)
  expect(await shorten(prisma, 2)).toBe(0)
  expect(await verifyAudit(prisma, last!)).toMatchObject({ count: 4, last: expect.any(String) })
  expect(await verifyAudit(prisma, last!)).not.toHaveProperty('fault')
  const more = await tampered(prisma, 'DELETE FROM audit_entry WHERE position = 4', (tx) => verifyAudit(tx))
  expect(more.fault?.position).toBe(1n)
})

test('a log longer than what is read at a time is verified to its end', async () => {
  const { prisma } = await databaseForTest('empty')
  await prisma.$executeRaw`
    INSERT INTO audit_act (actor_kind, action, record_key)
    SELECT 'operator', 'directory.import', n::text FROM generate_series(1, 2500) AS n`
  expect(await verifyAudit(prisma)).toMatchObject({ count: 2500 })
  const found = await tampered(prisma, 'DELETE FROM audit_entry WHERE position = 2001', (tx) => verifyAudit(tx))
  expect(found).toMatchObject({ count: 2000, fault: { position: 2001n } })
})

async function fiveEntries(prisma: Database['prisma']): Promise<void> {
  for (let index = 1; index <= 5; index += 1) await recordAct(prisma, { ...act, recordKey: randomUUID() })
}

/** Does what only somebody can who may do everything with the database, looks, and takes it back. */
async function tampered<T>(prisma: Database['prisma'], sql: string, look: (tx: Transaction) => Promise<T>): Promise<T> {
  let found: T
  const undone = new Error('undone')
  await prisma
    .$transaction(async (tx) => {
      await tx.$executeRaw`SET LOCAL ROLE NONE`
      await tx.$executeRaw`SET LOCAL session_replication_role = replica`
      for (const statement of sql.split(';')) await tx.$executeRawUnsafe(statement)
      found = await look(tx)
      throw undone
    })
    .catch((error) => {
      if (error !== undone) throw error
    })
  return found!
}
