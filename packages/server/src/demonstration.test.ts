import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadDemonstration } from './demonstration.ts'
import { createApiKey } from './domains/access/api-keys.ts'
import { startTestServer } from './testing/test-server.ts'

const read = (name: string) => readFileSync(join(import.meta.dirname, '../demonstration', name), 'utf8')

test('the demonstration network has the well-being questionnaire, which who runs its surveys finds by a query', async () => {
  const server = await startTestServer('demonstration')
  try {
    const { prisma } = server.database
    const { id: organizationId, networkId } = await prisma.organization.findFirstOrThrow({
      where: { kind: 'health_authority' },
    })
    const leads = { organizationId, networkId, name: 'trial', expiresAt: null }
    const { key } = await createApiKey(prisma, { ...leads, scopes: ['survey_run'] })
    const [, query] = /```graphql surveys\n(.*?)```/s.exec(read('README.md'))!
    const questionnaire = JSON.parse(read('questionnaire.json')) as object
    const { data } = await server.ask(query!, {}, key)
    expect(data).toEqual({
      network: {
        surveys: {
          nodes: [
            {
              name: 'Benessere, lavoro e famiglia',
              versions: [{ number: 1, questionnaire }],
            },
          ],
        },
      },
    })
    expect(await loadDemonstration(server.database)).toBe(false)
    expect(await prisma.survey.count()).toBe(1)
  } finally {
    await server.close()
  }
})
