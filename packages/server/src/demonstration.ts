/** The demonstration network: real organizations and places of Alba and Bra, with invented services. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Database } from './database/connect.ts'
import { rowId } from './domains/directory/import/identify.ts'
import { importWithin } from './domains/directory/import/import-directory.ts'
import { importNeedAreas } from './domains/need/import-need-areas.ts'
import { importTermMapping } from './domains/need/map-terms.ts'
import { importMunicipalities } from './domains/network/import-municipalities.ts'
import { acceptMembership, applyForMembership } from './domains/network/membership.ts'

const folder = join(import.meta.dirname, '../demonstration')

const day = z.iso.date().transform((text) => new Date(`${text}T00:00:00Z`))
const description = z.object({
  slug: z.string(),
  name: z.string(),
  description: z.string(),
  territoryName: z.string(),
  members: z.array(
    z.object({
      organization: z.uuid(),
      role: z.enum(['lead', 'partner', 'member']),
      appliedOn: day,
      decidedOn: day,
      decidedBy: z.string(),
    }),
  ),
  phases: z.array(
    z.object({ position: z.int(), name: z.string(), description: z.string(), startsOn: day, endsOn: day.nullable() }),
  ),
  events: z.array(
    z.object({
      name: z.string(),
      description: z.string(),
      startsOn: day,
      endsOn: day.nullable(),
      venue: z.string(),
      municipality: z.string(),
    }),
  ),
})

/** Slug of the demonstration network. */
const demonstrationSlug = 'alba-bra'

/** Loads the demonstration network in one transaction, unless it is there. Returns whether it was loaded. */
export async function loadDemonstration(database: Database): Promise<boolean> {
  const { prisma } = database
  if ((await prisma.network.findUnique({ where: { slug: demonstrationSlug } })) !== null) return false
  const told = description.parse(JSON.parse(await readFile(join(folder, 'network.json'), 'utf8')))
  await prisma.$transaction(
    async (tx) => {
      const { id: networkId } = await tx.network.create({
        data: {
          slug: told.slug,
          name: told.name,
          description: told.description,
          territoryName: told.territoryName,
          demonstration: true,
        },
      })
      await importMunicipalities(tx, networkId, join(folder, 'municipalities.csv'))
      await importNeedAreas(tx, networkId, join(folder, 'need-areas.csv'))
      const path = join(folder, 'directory.jsonl')
      await importWithin(tx, { path, networkId, feed: demonstrationSlug, demonstration: true, skipInvalid: false })
      await importTermMapping(tx, networkId, join(folder, 'need-area-terms.csv'))
      for (const { organization, role, appliedOn, decidedOn, decidedBy } of told.members) {
        const organizationId = rowId(networkId, 'organization', organization)
        await applyForMembership(tx, { organizationId, role, on: appliedOn })
        await acceptMembership(tx, { organizationId, on: decidedOn, by: decidedBy })
      }
      await tx.phase.createMany({ data: told.phases.map((phase) => ({ networkId, ...phase })) })
      await tx.networkEvent.createMany({
        data: told.events.map(({ municipality, ...event }) => ({
          networkId,
          municipalityCode: municipality,
          ...event,
        })),
      })
    },
    { timeout: 5 * 60_000 },
  )
  return true
}
