import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { graphql } from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../../database/connect.ts'
import { schema } from '../../../graphql/schema.ts'
import { passingSecrets } from '../../../secrets.ts'
import { askAsAnyone, makeEditors } from '../../../testing/edit-directory.ts'
import { openTestDatabase } from '../../../testing/test-database.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase('empty')
})
afterAll(() => database.close())

test('an organization, its service and when that is open: drafted, changed, published', async () => {
  const { edit, network } = await makeEditors(database)
  const organization = await edit.coordinator('createOrganization', {
    network,
    name: 'Cooperativa',
    description: 'Aiuta.',
    kind: 'SOCIAL_COOPERATIVE',
  })
  expect(organization).toEqual({ id: expect.stringMatching(/^organization_/), recordVersion: 1, isPublished: false })
  const changed = await edit.coordinator('changeOrganization', {
    id: organization.id,
    expectedVersion: 1,
    name: 'Cooperativa Sociale',
    email: 'ciao@example.org',
  })
  expect(changed).toEqual({ ...organization, recordVersion: 2 })
  const published = await edit.coordinator('publishOrganization', { id: organization.id, expectedVersion: 2 })
  expect(published).toMatchObject({ id: organization.id, isPublished: true })

  const service = await edit.coordinator('createService', {
    organization: organization.id,
    name: 'Sportello',
    status: 'ACTIVE',
  })
  const schedule = await edit.coordinator('createSchedule', {
    service: service.id,
    freq: 'WEEKLY',
    byday: 'MO',
    opensAt: '09:00',
    closesAt: '12:00',
  })
  expect(schedule).toMatchObject({ isPublished: false })
  const asked = '($id: ID!) { service(id: $id) { name organization { name kind email } schedules { id byday } } }'
  expect(await askAsAnyone(database, `query ${asked}`, { id: service.id })).toEqual({ service: null })
  await edit.coordinator('publishService', { id: service.id, expectedVersion: 1 })
  await edit.coordinator('changeSchedule', { id: schedule.id, expectedVersion: 2, byday: 'TU' })
  expect(await askAsAnyone(database, `query ${asked}`, { id: service.id })).toEqual({
    service: {
      name: 'Sportello',
      organization: { name: 'Cooperativa Sociale', kind: 'SOCIAL_COOPERATIVE', email: 'ciao@example.org' },
      schedules: [{ id: schedule.id, byday: 'TU' }],
    },
  })
})

test('the example of the README does what it says', async () => {
  const { as, ownId } = await makeEditors(database)
  const readme = readFileSync(join(import.meta.dirname, '../../../../README.md'), 'utf8')
  const [, section] = readme.split('## Changing the directory')
  const steps = [...section!.split('\n## ')[0]!.matchAll(/```graphql\n(.*?)```/gs)].map(([, source]) => source!)
  expect(steps).toHaveLength(3)
  const answers: Record<string, unknown>[] = []
  for (const source of steps) {
    const { data, errors } = await graphql({
      schema,
      source,
      variableValues: { organization: ownId, service: answers[0]?.id },
      contextValue: { prisma: database.prisma, actor: as.own, secrets: passingSecrets(), requestId: 'request-1' },
    })
    expect(errors).toBeUndefined()
    answers.push(Object.values(data!)[0] as Record<string, unknown>)
  }
  expect(answers).toEqual([
    { id: expect.stringMatching(/^service_/), recordVersion: 1, isPublished: false },
    { id: expect.stringMatching(/^schedule_/), recordVersion: 1, isPublished: false },
    {
      id: answers[0]!.id,
      recordVersion: 2,
      isPublished: true,
      service: { name: 'Sportello famiglie', openingHours: expect.stringContaining('9') },
    },
  ])
})
