/** How found services divide, as the API shows it. */
import { queryFromInfo } from '@pothos/plugin-prisma'
import DataLoader from 'dataloader'
import type { GraphQLResolveInfo } from 'graphql'
import type { Municipality, NeedArea, Organization, PrismaClient } from '../../../generated/prisma/client.ts'
import { builder } from '../../../graphql/builder.ts'
import type { Context } from '../../../graphql/context.ts'
import { everyone } from '../../../graphql/permissions.ts'
import { NeedArea as NeedAreaType } from '../../need/graphql.ts'
import {
  Kind,
  Municipality as MunicipalityType,
  Organization as OrganizationType,
  Sector,
} from '../../network/graphql.ts'
import { type Count, type Counted, type Counts, countFound, facetLength } from '../search/count-facets.ts'
import type { ServiceFilter } from '../search/match-services.ts'
import { ServiceStatus } from './codes.ts'

export interface FoundCounts {
  networkId: string
  /** Counts what was found; all that a request selects in one statement. */
  count<Name extends Counted>(name: Name): Promise<Counts[Name]>
}

/** Counts of the services that match a filter, counted when they are asked for. */
export function countsOf(prisma: PrismaClient, networkId: string, filter: ServiceFilter): FoundCounts {
  const loader = new DataLoader(async (names: readonly Counted[]) => {
    const counts = await countFound(prisma, networkId, filter, names)
    return names.map((name) => counts[name])
  })
  return { networkId, count: <Name extends Counted>(name: Name) => loader.load(name) as Promise<Counts[Name]> }
}

const count = 'How many of the services found have it.'

const NeedAreaCount = builder.objectRef<Count<NeedArea>>('NeedAreaCount').implement({
  authScopes: everyone,
  description: 'How many services answer a need area or one below it.',
  fields: (t) => ({
    needArea: t.expose('value', { type: NeedAreaType, description: 'The need area.' }),
    count: t.exposeInt('count', { description: count }),
  }),
})

const OrganizationCount = builder.objectRef<Count<Organization>>('OrganizationCount').implement({
  authScopes: everyone,
  description: 'How many services an organization provides.',
  fields: (t) => ({
    organization: t.expose('value', { type: OrganizationType, description: 'The organization.' }),
    count: t.exposeInt('count', { description: count }),
  }),
})

const MunicipalityCount = builder.objectRef<Count<Municipality>>('MunicipalityCount').implement({
  authScopes: everyone,
  description: 'How many services are given in a municipality or serve its people.',
  fields: (t) => ({
    municipality: t.expose('value', { type: MunicipalityType, description: 'The municipality.' }),
    count: t.exposeInt('count', { description: count }),
  }),
})

const OrganizationKindCount = builder.objectRef<Count<typeof Kind.$inferType>>('OrganizationKindCount').implement({
  authScopes: everyone,
  description: 'How many services organizations of a kind provide.',
  fields: (t) => ({
    kind: t.expose('value', { type: Kind, description: 'The kind.' }),
    count: t.exposeInt('count', { description: count }),
  }),
})

const SectorCount = builder.objectRef<Count<typeof Sector.$inferType>>('SectorCount').implement({
  authScopes: everyone,
  description: 'How many services organizations of a sector provide.',
  fields: (t) => ({
    sector: t.expose('value', { type: Sector, description: 'The sector.' }),
    count: t.exposeInt('count', { description: count }),
  }),
})

const ServiceStatusCount = builder.objectRef<Count<typeof ServiceStatus.$inferType>>('ServiceStatusCount').implement({
  authScopes: everyone,
  description: 'How many services have a status.',
  fields: (t) => ({
    status: t.expose('value', { type: ServiceStatus, description: 'The status.' }),
    count: t.exposeInt('count', { description: count }),
  }),
})

const LanguageCount = builder.objectRef<Count<string>>('LanguageCount').implement({
  authScopes: everyone,
  description: 'How many services speak a language.',
  fields: (t) => ({
    language: t.exposeString('value', { description: 'ISO 639 code; the name where the directory gives no code.' }),
    count: t.exposeInt('count', { description: count }),
  }),
})

// Each facet looks at all that was found.
const facet = { field: 100, multiplier: 5 }

const most = `The most frequent first, at most ${facetLength}.`

export const ServiceFacets = builder.objectRef<FoundCounts>('ServiceFacets').implement({
  authScopes: everyone,
  description:
    'How the services found divide. Adding to the filter a value of a kind that it does not ask for yet finds as many as its count says.',
  fields: (t) => ({
    needAreas: t.field({
      complexity: facet,
      type: [NeedAreaCount],
      description: `By need area, a broader one counting what its narrower ones count. ${most}`,
      resolve: async ({ networkId, count }, _args, context, info) =>
        withRecords(
          await count('needAreas'),
          (codes) =>
            context.prisma.needArea.findMany({
              ...selectionOf(context, info, 'needArea', { code: true }),
              where: { networkId, code: { in: codes } },
            }),
          ({ code }) => code,
        ),
    }),
    organizations: t.field({
      complexity: facet,
      type: [OrganizationCount],
      description: `By organization. ${most}`,
      resolve: async ({ count }, _args, context, info) =>
        withRecords(
          await count('organizations'),
          (ids) =>
            context.prisma.organization.findMany({
              ...selectionOf(context, info, 'organization'),
              where: { id: { in: ids } },
            }),
          ({ id }) => id,
        ),
    }),
    municipalities: t.field({
      complexity: facet,
      type: [MunicipalityCount],
      description: `By municipality of the territory. ${most}`,
      resolve: async ({ count }, _args, context, info) =>
        withRecords(
          await count('municipalities'),
          (codes) =>
            context.prisma.municipality.findMany({
              ...selectionOf(context, info, 'municipality'),
              where: { istatCode: { in: codes } },
            }),
          ({ istatCode }) => istatCode,
        ),
    }),
    organizationKinds: t.field({
      complexity: facet,
      type: [OrganizationKindCount],
      description: 'By kind of the organization.',
      resolve: ({ count }) => count('organizationKinds'),
    }),
    sectors: t.field({
      complexity: facet,
      type: [SectorCount],
      description: 'By sector of the organization.',
      resolve: ({ count }) => count('sectors'),
    }),
    languages: t.field({
      complexity: facet,
      type: [LanguageCount],
      description: `By language spoken. ${most}`,
      resolve: ({ count }) => count('languages'),
    }),
    statuses: t.field({
      complexity: facet,
      type: [ServiceStatusCount],
      description: 'By status.',
      resolve: ({ count }) => count('statuses'),
    }),
    free: t.int({
      complexity: facet,
      description: 'How many cost nothing.',
      resolve: ({ count }) => count('free'),
    }),
    accessible: t.int({
      complexity: facet,
      description: 'How many are given at a place that tells of arrangements for people with disabilities.',
      resolve: ({ count }) => count('accessible'),
    }),
  }),
})

// The records behind the values of a facet are loaded by one statement, with all that is selected of them.
function selectionOf(context: Context, info: GraphQLResolveInfo, field: string, key?: { code: true }): object {
  return queryFromInfo({ context, info, path: [field], ...(key && { select: key }) })
}

async function withRecords<Record>(
  counts: Count<string>[],
  load: (values: string[]) => Promise<Record[]>,
  keyOf: (record: Record) => string,
): Promise<Count<Record>[]> {
  const records = await load(counts.map(({ value }) => value))
  const byValue = new Map(records.map((record) => [keyOf(record), record]))
  return counts.flatMap(({ value, count }) => {
    const record = byValue.get(value)
    return record === undefined ? [] : [{ value: record, count }]
  })
}
