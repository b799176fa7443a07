import { graphql } from 'graphql'
import { expect, onTestFinished, test } from 'vitest'
import type { Staff } from '../../../actor.ts'
import { schema } from '../../../graphql/schema.ts'
import { passingSecrets } from '../../../secrets.ts'
import { databaseForTest } from '../../../testing/test-database.ts'
import { watchStatements } from '../../../testing/watch-statements.ts'

test('who has many roles is told all of them by as many statements as who has one', async () => {
  const database = await databaseForTest('demonstration')
  const { prisma, statements } = watchStatements(database)
  onTestFinished(() => prisma.$disconnect())
  const organizations = await database.prisma.organization.findMany({ take: 5 })
  const roles = organizations.map(({ id, networkId }) => ({
    id: crypto.randomUUID(),
    networkId,
    organizationId: id,
    role: 'organization_admin' as const,
  }))
  const source = `{ viewer { ... on StaffViewer { assignments {
    role network { slug phases { name } } organization { name services(first: 2) { nodes { name } } } } } } }`
  const ask = async (held: Staff['roles']) => {
    statements.length = 0
    const actor: Staff = { kind: 'staff', issuer: 'https://id', subject: 'ada', roles: held }
    const contextValue = { prisma, actor, secrets: passingSecrets(), requestId: 'request-1' }
    const { data, errors } = await graphql({ schema, source, contextValue })
    expect(errors).toBeUndefined()
    const { assignments } = data!.viewer as { assignments: { organization: { name: string } }[] }
    return { names: assignments.map(({ organization }) => organization.name), statements: statements.length }
  }
  const one = await ask(roles.slice(0, 1))
  const all = await ask(roles)
  expect(all.names).toEqual(organizations.map(({ name }) => name))
  expect(all.statements).toBe(one.statements)
})
