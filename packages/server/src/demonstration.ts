/** The demonstration network: real organizations and places of Alba and Bra, with invented services. */
import { join } from 'node:path'
import { z } from 'zod'
import type { Database } from './database/connect.ts'
import { rowId } from './domains/directory/import/identify.ts'
import { importWithin } from './domains/directory/import/import-directory.ts'
import { importNeedAreas } from './domains/need/import-need-areas.ts'
import { importTermMapping } from './domains/need/map-terms.ts'
import { describeEvents, describeNetwork, readNetworkDescription } from './domains/network/describe-network.ts'
import { importMunicipalities } from './domains/network/import-municipalities.ts'
import { acceptMembership, applyForMembership } from './domains/network/membership.ts'
import { createSurvey } from './domains/survey/running/surveys.ts'
import { readJson } from './sources/read-json.ts'

const folder = join(import.meta.dirname, '../demonstration')

const day = z.iso.date().transform((text) => new Date(`${text}T00:00:00Z`))
const members = z.array(
  z.object({
    organization: z.uuid(),
    role: z.enum(['lead', 'partner', 'member']),
    appliedOn: day,
    decidedOn: day,
    decidedBy: z.string(),
  }),
)

/** Loads the demonstration network in one transaction, unless it is there. Returns whether it was loaded. */
export async function loadDemonstration({ prisma }: Pick<Database, 'prisma'>): Promise<boolean> {
  const told = await readNetworkDescription(join(folder, 'network.json'))
  if ((await prisma.network.findUnique({ where: { slug: told.slug } })) !== null) return false
  const admitted = members.parse(await readJson(join(folder, 'members.json')))
  await prisma.$transaction(
    async (tx) => {
      const networkId = await describeNetwork(tx, told, true)
      await importMunicipalities(tx, networkId, join(folder, 'municipalities.csv'))
      await describeEvents(tx, networkId, told, 'network.json')
      await importNeedAreas(tx, networkId, join(folder, 'need-areas.csv'))
      const path = join(folder, 'directory.jsonl')
      await importWithin(tx, { path, networkId, feed: told.slug, demonstration: true, skipInvalid: false })
      await importTermMapping(tx, networkId, join(folder, 'need-area-terms.csv'))
      for (const { organization, role, appliedOn, decidedOn, decidedBy } of admitted) {
        const organizationId = rowId(networkId, 'organization', organization)
        await applyForMembership(tx, { organizationId, role, on: appliedOn })
        await acceptMembership(tx, { organizationId, on: decidedOn, by: decidedBy })
      }
      const lead = admitted.find(({ role }) => role === 'lead')!
      await createSurvey(tx, {
        networkId,
        organizationId: rowId(networkId, 'organization', lead.organization),
        name: 'Benessere, lavoro e famiglia',
        questionnaire: await readJson(join(folder, 'questionnaire.json')),
      })
    },
    { timeout: 5 * 60_000 },
  )
  return true
}
