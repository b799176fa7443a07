/** The filter of a search, as callers write it. */
import { z } from 'zod'
import { builder } from '../../../graphql/builder.ts'
import type { Context } from '../../../graphql/context.ts'
import { badInput } from '../../../graphql/errors.ts'
import { limits } from '../../../graphql/limits.ts'
import { momentRange, momentRule } from '../../../graphql/moment.ts'
import { Kind, Organization, Sector } from '../../network/graphql.ts'
import { middleOf } from '../search/locate.ts'
import type { ServiceFilter, Vicinity } from '../search/match-services.ts'
import { readWords } from '../search/read-words.ts'
import { ServiceStatus } from './codes.ts'

const short = z.string().max(limits.words, `at most ${limits.words} characters`)
const listOf = (what: string) => z.array(short).max(limits.filterValues, `at most ${limits.filterValues} ${what}`)

const PointInput = builder.inputType('PointInput', {
  description: 'A point on the earth (WGS 84).',
  fields: (t) => ({
    latitude: t.float({
      required: true,
      description: 'Latitude in decimal degrees, -90 to 90.',
      validate: z.number().min(-90, 'from -90 to 90 degrees').max(90, 'from -90 to 90 degrees'),
    }),
    longitude: t.float({
      required: true,
      description: 'Longitude in decimal degrees, -180 to 180.',
      validate: z.number().min(-180, 'from -180 to 180 degrees').max(180, 'from -180 to 180 degrees'),
    }),
  }),
})

const NearInput = builder.inputType('NearInput', {
  description: 'Around where to look: a point or a municipality, one of the two.',
  fields: (t) => ({
    point: t.field({ type: PointInput, description: 'Around a point.' }),
    municipality: t.string({
      description: 'Around a municipality, by ISTAT code or name: the middle of its known locations.',
      validate: short,
    }),
    kilometres: t.float({
      required: true,
      description: `Distance as the crow flies, in kilometres: more than 0, at most ${limits.kilometres}.`,
      validate: z
        .number()
        .positive('more than 0 kilometres')
        .max(limits.kilometres, `at most ${limits.kilometres} kilometres`),
    }),
  }),
})

export const ServiceFilterInput = builder.inputType('ServiceFilter', {
  description:
    'Which services to find; conditions are joined by and. Those of a place (near, openAt, accessible) hold for one and the same place.',
  fields: (t) => ({
    needAreas: t.stringList({
      description: `Codes of need areas, at most ${limits.filterValues}: any of them, narrower areas included.`,
      validate: listOf('need areas'),
    }),
    organization: t.globalID({
      for: Organization,
      description: 'Global id of the organization that provides the service.',
    }),
    organizationKinds: t.field({ type: [Kind], description: 'Kinds of the organization: any of them.' }),
    sectors: t.field({ type: [Sector], description: 'Sectors of the organization: any of them.' }),
    municipality: t.string({
      description:
        'ISTAT code or name of a municipality of the territory: the service is given there or serves its people.',
      validate: short,
    }),
    near: t.field({ type: NearInput, description: 'The service is given at a place near there.' }),
    openAt: t.field({
      type: 'DateTime',
      description: `The service is open at this moment, ${momentRange}, by its evaluated schedules and holiday exceptions; what tells no hours is left out.`,
      validate: momentRule,
    }),
    age: t.float({
      description: 'Age of a person in years, 0 to 150, that the service takes: 0.5 is six months.',
      validate: z.number().min(0, 'from 0 to 150 years').max(150, 'from 0 to 150 years'),
    }),
    free: t.boolean({
      description:
        'True for what costs nothing: all prices of today are 0, or there is none and the fees say so in words. False for the rest.',
    }),
    languages: t.stringList({
      description: `Languages by ISO 639 code or name, at most ${limits.filterValues}: any is spoken, by the service, at its places or on its telephone.`,
      validate: listOf('languages'),
    }),
    accessible: t.boolean({
      description:
        'True for what is given at a place that tells of arrangements for people with disabilities; false for the rest.',
    }),
    statuses: t.field({ type: [ServiceStatus], description: 'Statuses: any of them; all when absent.' }),
    words: t.string({
      description:
        'Words in Italian or English, in any form, with or without accents and small slips; "quoted words" as a phrase. Services that have all of them, or where there is none, those that have some. The name of a municipality also stands for what serves it. The first 20 count.',
      validate: short,
    }),
  }),
})

type FilterInput = typeof ServiceFilterInput.$inferInput

/** The filter that a caller means, in a network. Throws bad input when it can't be meant. */
export async function readFilter(
  { prisma }: Context,
  networkId: string,
  filter: FilterInput | null | undefined,
): Promise<ServiceFilter> {
  const { near, words, organization, ...rest } = filter ?? {}
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value != null)),
    organizationId: organization?.id,
    near: near == null ? undefined : await readVicinity(prisma, networkId, near),
    words: words == null ? undefined : await readWords(prisma, networkId, words),
  }
}

async function readVicinity(
  prisma: Context['prisma'],
  networkId: string,
  { point, municipality, kilometres }: typeof NearInput.$inferInput,
): Promise<Vicinity> {
  if ((point == null) === (municipality == null)) {
    throw badInput('filter.near: give a point or a municipality, one of the two.', ['filter', 'near'])
  }
  if (point != null) return { ...point, kilometres }
  const middle = await middleOf(prisma, networkId, municipality!)
  if (middle !== null) return { ...middle, kilometres }
  throw badInput(
    `filter.near.municipality: no location of this directory with coordinates lies in ${JSON.stringify(municipality)}. Give a point.`,
    ['filter', 'near', 'municipality'],
  )
}
