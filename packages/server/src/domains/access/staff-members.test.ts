import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Database } from '../../database/connect.ts'
import type { StaffRole } from '../../generated/prisma/client.ts'
import { Refused } from '../../refused.ts'
import { openTestDatabase } from '../../testing/test-database.ts'
import { findStaff } from './find-staff.ts'
import { addStaffMember, listStaff, removeStaffMember, type StaffPlace } from './staff-members.ts'

const issuer = 'https://login.example'
const everyRole: StaffRole[] = ['network_coordinator', 'welfare_point_operator', 'organization_admin']

let database: Database
/** Two networks, the first with two organizations. */
let here: string
let there: string
let cooperative: string
let company: string
let elsewhere: string

beforeAll(async () => {
  database = await openTestDatabase('empty')
  here = await network('here')
  there = await network('there')
  cooperative = await organization(1, here, 'Cooperative')
  company = await organization(2, here, 'Company')
  elsewhere = await organization(3, there, 'Elsewhere')
})

beforeEach(() => database.prisma.staffMember.deleteMany())

afterAll(() => database.close())

test('who has a role in the token and in the database is staff, with the networks and organizations of the rows', async () => {
  await add({ subject: 'ada', role: 'network_coordinator' })
  await add({ subject: 'ada', role: 'welfare_point_operator', networkId: there })
  await add({ subject: 'ada', role: 'organization_admin', organizationId: cooperative })
  await add({ subject: 'ada', role: 'organization_admin', organizationId: elsewhere, networkId: there })
  expect(await find('ada', everyRole)).toMatchObject({
    kind: 'staff',
    issuer,
    subject: 'ada',
    roles: [
      { networkId: here, organizationId: null, role: 'network_coordinator' },
      { networkId: there, organizationId: null, role: 'welfare_point_operator' },
      { networkId: here, organizationId: cooperative, role: 'organization_admin' },
      { networkId: there, organizationId: elsewhere, role: 'organization_admin' },
    ],
  })
})

test('a role that only the database has, or only the token, is none', async () => {
  await add({ subject: 'ada', role: 'network_coordinator' })
  await add({ subject: 'ada', role: 'welfare_point_operator' })
  expect(await find('ada', ['welfare_point_operator', 'organization_admin'])).toMatchObject({
    roles: [{ role: 'welfare_point_operator' }],
  })
  expect(await find('ada', ['organization_admin'])).toBe('not_staff')
  expect(await find('ada', [])).toBe('not_staff')
})

test('who is staff to one issuer is nobody to another, and no name is as good as another', async () => {
  await add({ subject: 'ada', role: 'network_coordinator' })
  expect(await find('bob', everyRole)).toBe('not_staff')
  expect(await find('Ada', everyRole)).toBe('not_staff')
  expect(await find('ada ', everyRole)).toBe('not_staff')
  expect(await find('%', everyRole)).toBe('not_staff')
  expect(await find('ada', everyRole, 'https://login.example/')).toBe('not_staff')
  expect(await find('ada', everyRole, 'https://other.example')).toBe('not_staff')
})

test('a role that is taken away is gone at once, and the others stay', async () => {
  await add({ subject: 'ada', role: 'organization_admin', organizationId: cooperative })
  await add({ subject: 'ada', role: 'organization_admin', organizationId: company })
  await remove({ subject: 'ada', role: 'organization_admin', organizationId: cooperative })
  expect(await find('ada', everyRole)).toMatchObject({ roles: [{ organizationId: company }] })
  await remove({ subject: 'ada', role: 'organization_admin', organizationId: company })
  expect(await find('ada', everyRole)).toBe('not_staff')
})

test('who administers must administer an organization, of the network; the other roles have none', async () => {
  const admin = { subject: 'ada', role: 'organization_admin' } as const
  const coordinator = { subject: 'ada', role: 'network_coordinator', organizationId: cooperative } as const
  for (const change of [add, remove]) {
    await expect(change(admin)).rejects.toMatchObject({
      code: 'ORGANIZATION_MISSING',
      message: 'The role organization_admin is about one organization: name it.',
      path: ['organization'],
    })
    for (const role of ['network_coordinator', 'welfare_point_operator'] as const) {
      await expect(change({ ...coordinator, role })).rejects.toMatchObject({
        code: 'ORGANIZATION_UNEXPECTED',
        message: `The role ${role} is about the whole network: leave the organization out.`,
      })
    }
    await expect(change({ ...admin, organizationId: elsewhere })).rejects.toMatchObject({
      code: 'ORGANIZATION_UNKNOWN',
      message: 'The network has no such organization. Import it first, or correct the identifier.',
    })
  }
  expect(await database.prisma.staffMember.count()).toBe(0)
})

test('a role is given once, also when two give it at once', async () => {
  const ada = { subject: 'ada', role: 'network_coordinator' } as const
  const results = await Promise.allSettled([add(ada), add(ada), add(ada)])
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected'])
  await expect(add(ada)).rejects.toMatchObject({
    code: 'ROLE_HELD',
    message: 'ada is network_coordinator there already.',
  })
  expect(await database.prisma.staffMember.count()).toBe(1)
})

test('a role that nobody has can not be taken away', async () => {
  await add({ subject: 'ada', role: 'network_coordinator' })
  const message = 'ada of https://login.example is not network_coordinator there.'
  await expect(remove({ subject: 'ada', role: 'network_coordinator', networkId: there })).rejects.toMatchObject({
    code: 'ROLE_NOT_HELD',
    message,
  })
  await expect(
    remove({ subject: 'ada', role: 'network_coordinator', issuer: 'https://other.example' }),
  ).rejects.toThrow(Refused)
  expect(await database.prisma.staffMember.count()).toBe(1)
})

test.each([
  [{ subject: '' }, /The subject must be 1 to 255 characters of ASCII/],
  [{ subject: 'a\u0000b' }, /The subject must be/],
  [{ subject: 'x'.repeat(256) }, /The subject must be/],
  [{ issuer: 'login.example' }, /login\.example can't be an issuer: it must be an address with https/],
  [{ issuer: 'http://login.example' }, /can't be an issuer/],
])('nobody can be %j', async (told, message) => {
  const adding = add({ subject: 'ada', role: 'network_coordinator', ...told })
  await expect(adding).rejects.toThrow(Refused)
  await expect(adding).rejects.toThrow(message)
})

test('the staff of a network is listed by role, organization and name, and that of others is not', async () => {
  await add({ subject: 'dan', role: 'organization_admin', organizationId: cooperative })
  await add({ subject: 'cat', role: 'organization_admin', organizationId: company })
  await add({ subject: 'bob', role: 'network_coordinator' })
  await add({ subject: 'ada', role: 'network_coordinator' })
  await add({ subject: 'eve', role: 'network_coordinator', networkId: there })
  const listed = await listStaff(database.prisma, here)
  expect(listed.map(({ subject, role, organization }) => [subject, role, organization?.name])).toEqual([
    ['ada', 'network_coordinator', undefined],
    ['bob', 'network_coordinator', undefined],
    ['cat', 'organization_admin', 'Company'],
    ['dan', 'organization_admin', 'Cooperative'],
  ])
})

type Told = Partial<StaffPlace> & Pick<StaffPlace, 'subject' | 'role'>

function add(told: Told): Promise<string> {
  return database.prisma.$transaction((tx) => addStaffMember(tx, place(told)))
}

function remove(told: Told): Promise<string> {
  return database.prisma.$transaction((tx) => removeStaffMember(tx, place(told)))
}

function place(told: Told): StaffPlace {
  return { networkId: here, organizationId: null, issuer, ...told }
}

function find(subject: string, roles: StaffRole[], from = issuer) {
  return findStaff(database.prisma, { issuer: from, subject, roles })
}

async function network(slug: string): Promise<string> {
  return (await database.prisma.network.create({ data: { slug, name: slug } })).id
}

async function organization(number: number, networkId: string, name: string): Promise<string> {
  const id = `00000000-0000-4000-8000-00000000000${number}`
  await database.prisma.organization.create({ data: { id, uuid: id, networkId, name, description: name } })
  return id
}
