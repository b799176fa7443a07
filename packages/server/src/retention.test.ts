import { expect, test } from 'vitest'
import type { Database, Transaction } from './database/connect.ts'
import { recordAct } from './domains/trace/record-act.ts'
import { verifyAudit } from './domains/trace/verify-audit.ts'
import { Prisma } from './generated/prisma/client.ts'
import { applyRetention, keptByNetwork, keptByNobody, keptWith, removePeople, retentionRules } from './retention.ts'
import { ageAuditLog } from './testing/age-audit-log.ts'
import { asOwner, databaseForTest } from './testing/test-database.ts'

test('for every table somebody has decided how long its rows are kept', async () => {
  const { prisma } = await databaseForTest('empty')
  const tables = await prisma.$queryRaw<{ name: string }[]>`
    SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'`
  const decided = [
    ...retentionRules.map(({ table }) => table),
    ...keptByNetwork,
    ...keptByNobody,
    ...Object.keys(keptWith),
  ]
  expect(decided.toSorted()).toEqual(tables.map(({ name }) => name).toSorted())
  expect(tables.length).toBeGreaterThanOrEqual(Object.keys(Prisma.ModelName).length)
})

test('what is over goes, in batches, and all else stays', async () => {
  const { prisma } = await databaseForTest('empty')
  await fill(prisma)
  const idempotent = await prisma.idempotentAnswer.count()
  expect(idempotent).toBe(6)
  expect(await applyRetention(prisma, 2)).toEqual({
    idempotent_answer: 5,
    api_key: 2,
    directory_draft: 1,
    person: 1,
    newcomers: 1,
    audit_entry: 3,
  })
  expect(await prisma.idempotentAnswer.count()).toBe(1)
  const keys = await prisma.apiKey.findMany({ select: { name: true }, orderBy: { name: 'asc' } })
  expect(keys.map(({ name }) => name)).toEqual(['expired lately', 'in force', 'revoked lately'])
  const drafts = await prisma.directoryDraft.findMany({ orderBy: { createdAt: 'asc' } })
  expect(drafts.map(({ data }) => data)).toEqual([{ name: 'part of which changed' }, { name: 'changed part' }])
  const people = await asOwner({ prisma }, (tx) => tx.person.findMany())
  expect(people.map(({ hashedWith }) => hashedWith)).toEqual(['0 months ago'])
  const counted = await prisma.newcomers.findMany()
  expect(counted.map(({ came }) => came)).toEqual([1])

  const told = await prisma.auditEntry.findMany({ where: { actorKind: 'server' }, orderBy: { position: 'asc' } })
  expect(told.map(({ action, recordKey }) => `${action} ${recordKey?.split(':')[0]}`)).toEqual([
    'retention.apply idempotent_answer',
    'retention.apply api_key',
    'retention.apply directory_draft',
    'retention.apply person',
    'retention.apply newcomers',
    'audit.shorten 2',
    'retention.apply audit_entry',
    'audit.shorten 3',
  ])
  expect(await verifyAudit(prisma)).not.toHaveProperty('fault')
  expect(await applyRetention(prisma, 2)).toEqual({})
})

test('a person of whom something is kept stays for two years; of whom nothing is kept, to the end of the month', async () => {
  const { prisma } = await databaseForTest('empty')
  const { id } = await prisma.network.create({ data: { slug: 'a', name: 'a' } })
  const left = await asOwner({ prisma }, async (tx) => {
    await tx.$executeRaw`SET LOCAL welfare.upkeep = 'on'`
    await fillPeople(tx, id, [0, 2, 24, 25])
    await tx.$executeRaw`CREATE TEMPORARY TABLE note ON COMMIT DROP AS SELECT id AS of_whom FROM person WHERE seen_in < now() - interval '3 months'`
    const [{ removed }] = await tx.$queryRawUnsafe<[{ removed: number }]>(
      removePeople([{ table: 'note', column: 'of_whom' }]),
      10,
    )
    expect(removed).toBe(2)
    return tx.person.findMany({ orderBy: { seenIn: 'desc' } })
  })
  expect(left.map(({ hashedWith }) => hashedWith)).toEqual(['0 months ago', '24 months ago'])
})

async function fill(prisma: Database['prisma']): Promise<void> {
  await prisma.$executeRaw`
    INSERT INTO idempotent_answer SELECT int4send(n), '\\x00', '\\x00', '{}', now() - CASE n WHEN 6 THEN interval '23 hours' ELSE interval '25 hours' END
    FROM generate_series(1, 6) AS n`
  const network = await prisma.network.create({ data: { slug: 'a', name: 'a' } })
  const organization = await prisma.organization.create({
    data: { id: network.id, uuid: network.id, networkId: network.id, name: 'o', description: 'o' },
  })
  const keys: [name: string, expires: string | null, revoked: string | null][] = [
    ['in force', null, null],
    ['expired lately', '23 months', null],
    ['expired', '25 months', null],
    ['revoked lately', null, '23 months'],
    ['revoked', '1 month', '25 months'],
  ]
  for (const [name, expires, revoked] of keys) {
    await prisma.$executeRaw`
      INSERT INTO api_key (id, network_id, organization_id, name, secret_hash, hint, expires_at, revoked_at)
      VALUES (gen_random_uuid(), ${network.id}::uuid, ${organization.id}::uuid, ${name}, '\\x00', '',
        now() - ${expires}::interval, now() - ${revoked}::interval)`
  }
  await asOwner({ prisma }, (tx) => fillPeople(tx, network.id, [0, 2]))
  await prisma.$executeRaw`
    INSERT INTO newcomers SELECT gen_random_uuid(), ${network.id}::uuid, now() - n * interval '59 minutes', n FROM generate_series(1, 2) AS n`
  const drafts: [name: string, holder: string | null, changed: string][] = [
    ['part of which changed', null, '13 months'],
    ['changed part', 'part of which changed', '11 months'],
    ['untouched', null, '13 months'],
    ['untouched part', 'untouched', '14 months'],
  ]
  for (const [name, holder, changed] of drafts) {
    await prisma.$executeRaw`
      INSERT INTO directory_draft (id, network_id, entity, holder_id, data, changed_at)
      VALUES (md5(${name})::uuid, ${network.id}::uuid, 'service', md5(${holder})::uuid, jsonb_build_object('name', ${name}::text),
        now() - ${changed}::interval)`
  }
  const act = { doer: { kind: 'operator' }, action: 'directory.import', networkId: null, requestId: null } as const
  for (const recordKey of ['1', '2', '3', '4']) await recordAct(prisma, { ...act, recordKey })
  await ageAuditLog({ prisma }, 3)
}

/** People who were last here so many months ago, whose secret is named for that. */
async function fillPeople(tx: Transaction, networkId: string, months: number[]): Promise<void> {
  for (const count of months) {
    await tx.$executeRaw`
      INSERT INTO person (id, network_id, key_hash, hashed_with, seen_in)
      VALUES (gen_random_uuid(), ${networkId}::uuid, int4send(${count}), ${`${count} months ago`},
        date_trunc('month', now()) - ${count} * interval '1 month')`
  }
}
