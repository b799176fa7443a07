/** A network's own description from a JSON file: its names, its phases, its public events. */
import { basename } from 'node:path'
import { z } from 'zod'
import type { Transaction } from '../../database/connect.ts'
import { type Problem, refuseAll } from '../../sources/problem.ts'
import { readJson } from '../../sources/read-json.ts'
import { isSlug, slugRule } from './slug.ts'

const day = z.iso.date('is not a day: write YYYY-MM-DD').transform((text) => new Date(`${text}T00:00:00Z`))
const words = z.string('is missing or not text').min(1, 'is missing')
const lasting = { startsOn: day, endsOn: day.nullish() }
const inOrder = ({ startsOn, endsOn }: { startsOn: Date; endsOn?: Date | null | undefined }): boolean =>
  endsOn == null || startsOn <= endsOn
const endsEarly = { path: ['endsOn'], message: 'is before startsOn' }

const shape = z.strictObject({
  slug: z.string().refine(isSlug, `is not a short name: ${slugRule}`),
  name: words,
  description: words.nullish(),
  territoryName: words.nullish(),
  phases: z
    .array(
      z
        .strictObject({ position: z.int().min(1), name: words, description: words.nullish(), ...lasting })
        .refine(inOrder, endsEarly),
    )
    .default([]),
  events: z
    .array(
      z
        .strictObject({
          name: words,
          description: words.nullish(),
          ...lasting,
          venue: words.nullish(),
          municipality: z
            .string()
            .regex(/^\d{6}$/, 'is not an ISTAT code')
            .nullish(),
        })
        .refine(inOrder, endsEarly),
    )
    .default([]),
})

/** What a file says of a network. */
export type NetworkDescription = z.infer<typeof shape>

/** Reads and checks a file. Throws a SourceRefused with every problem found. */
export async function readNetworkDescription(path: string): Promise<NetworkDescription> {
  const file = basename(path)
  const parsed = shape.safeParse(await readJson(path))
  if (parsed.success) return parsed.data
  throw refuseAll(
    parsed.error.issues.map(({ path: steps, message }) => ({
      at: { file, pointer: steps.map((step) => `/${String(step)}`).join('') },
      message,
      fix: 'the format is that of the demonstration',
      scope: 'file',
    })),
  )
}

/** Creates the network, or makes an existing one what the description says. Returns its row key. */
export async function describeNetwork(
  tx: Transaction,
  told: NetworkDescription,
  demonstration: boolean,
): Promise<string> {
  const said = { name: told.name, description: told.description ?? null, territoryName: told.territoryName ?? null }
  const { id: networkId } = await tx.network.upsert({
    where: { slug: told.slug },
    create: { slug: told.slug, demonstration, ...said },
    update: said,
  })
  await tx.phase.deleteMany({ where: { networkId } })
  await tx.phase.createMany({ data: told.phases.map((phase) => ({ networkId, ...phase, ...ending(phase) })) })
  return networkId
}

/** Makes the network's public events those of the description. Their municipalities must be known. */
export async function describeEvents(tx: Transaction, networkId: string, told: NetworkDescription, file: string) {
  const codes = told.events.flatMap(({ municipality }) => municipality ?? [])
  const known = await tx.municipality.findMany({ where: { istatCode: { in: codes } } })
  const problems = told.events.flatMap(({ municipality }, index): Problem[] =>
    municipality == null || known.some(({ istatCode }) => istatCode === municipality)
      ? []
      : [
          {
            at: { file, pointer: `/events/${index}` },
            column: 'municipality',
            value: municipality,
            message: 'no such municipality',
            fix: 'correct it, or import the municipalities first',
            scope: 'file',
          },
        ],
  )
  if (problems.length > 0) throw refuseAll(problems)
  await tx.networkEvent.deleteMany({ where: { networkId } })
  await tx.networkEvent.createMany({
    data: told.events.map(({ municipality, ...event }) => ({
      networkId,
      ...event,
      ...ending(event),
      venue: event.venue ?? null,
      municipalityCode: municipality ?? null,
    })),
  })
}

function ending({
  endsOn,
  description,
}: {
  endsOn?: Date | null | undefined
  description?: string | null | undefined
}) {
  return { endsOn: endsOn ?? null, description: description ?? null }
}
