/** Services and locations for tests of opening hours, with nothing but what these need. */
import { randomUUID } from 'node:crypto'
import type { Database, Transaction } from '../database/connect.ts'
import type { Prisma } from '../generated/prisma/client.ts'
import { makeNetwork } from './import-source.ts'

/** A part that is undefined is not there. */
type Parts<Input> = { [Key in keyof Omit<Input, 'networkId' | 'id' | 'uuid'>]: Input[Key] | undefined }
export type Schedule = Parts<Prisma.ScheduleCreateManyInput>
export type Exception = Parts<Prisma.HolidayScheduleCreateManyInput>

/** A network that services and places can be put in. */
export interface Neighbourhood {
  networkId: string
  organizationId: string
}

export async function makeNeighbourhood(database: Database): Promise<Neighbourhood> {
  const networkId = await makeNetwork(database)
  const { id } = await database.prisma.organization.create({
    data: { ...newRecord(networkId), name: 'Consorzio', description: 'Consorzio', kind: 'other' },
  })
  return { networkId, organizationId: id }
}

/** Row keys of new services. */
export async function makeServices(
  tx: Transaction,
  { networkId, organizationId }: Neighbourhood,
  count: number,
): Promise<string[]> {
  const rows = Array.from({ length: count }, () => ({
    ...newRecord(networkId),
    organizationId,
    name: 'Sportello',
    status: 'active' as const,
  }))
  await tx.service.createMany({ data: rows })
  return rows.map(({ id }) => id)
}

/** Row key of a new location. */
export async function makeLocation(tx: Transaction, { networkId }: Neighbourhood): Promise<string> {
  return (await tx.location.create({ data: { ...newRecord(networkId), locationType: 'physical' } })).id
}

/** Row key of a service at a location. */
export async function bringTo(
  tx: Transaction,
  { networkId }: Neighbourhood,
  serviceId: string,
  locationId: string,
): Promise<string> {
  return (await tx.serviceAtLocation.create({ data: { ...newRecord(networkId), serviceId, locationId } })).id
}

export async function addSchedules(
  tx: Transaction,
  { networkId }: Neighbourhood,
  schedules: Schedule[],
): Promise<void> {
  const data = schedules.map((schedule) => ({ ...schedule, ...newRecord(networkId) }))
  await tx.schedule.createMany({ data: data as Prisma.ScheduleCreateManyInput[] })
}

export async function addExceptions(
  tx: Transaction,
  { networkId }: Neighbourhood,
  exceptions: Exception[],
): Promise<void> {
  const data = exceptions.map((exception) => ({ ...exception, ...newRecord(networkId) }))
  await tx.holidaySchedule.createMany({ data: data as Prisma.HolidayScheduleCreateManyInput[] })
}

function newRecord(networkId: string) {
  return { id: randomUUID(), uuid: randomUUID(), networkId }
}
