/** What weakens a directory, as the API shows it. */

import { GraphQLError } from 'graphql'
import { z } from 'zod'
import { builder } from '../../../graphql/builder.ts'
import { encodeGlobalId } from '../../../graphql/global-id.ts'
import { limits } from '../../../graphql/limits.ts'
import { pageCost } from '../../../graphql/page-size.ts'
import { everyone } from '../../../graphql/permissions.ts'
import { cursorsOf, pageInfoOf } from '../../../graphql/positions.ts'
import {
  type Check,
  CheckTooSlow,
  countFindings,
  type Finding,
  type FindingPosition,
  listFindings,
} from '../check-directory.ts'
import { isStorable } from '../import/identify.ts'
import { type FindingKind, findingKinds } from '../quality/weaknesses.ts'

const Kind = builder.enumType('DirectoryFindingKind', {
  description: 'What weakens a directory. Services that have ended for good (DEFUNCT) are not looked at.',
  values: {
    NOT_VERIFIED: { value: 'not_verified', description: 'A service that nobody verified for a year, or ever.' },
    NO_NEED_AREA: { value: 'no_need_area', description: 'A service that answers no need area.' },
    NO_LOCATION: {
      value: 'no_location',
      description:
        'A service without a location, physical or virtual, which does not come to people either: then it has a service area, and a phone, e-mail or web address of its own.',
    },
    NO_SCHEDULE: {
      value: 'no_schedule',
      description: 'A service without a schedule: it has none itself, nor at a location, nor has the location.',
    },
    NO_PHONE: {
      value: 'no_phone',
      description:
        'A service that nobody can call: neither it, nor its locations, contacts or organization has a phone.',
    },
    SCHEDULE_ENDED: {
      value: 'schedule_ended',
      description: 'A schedule that no longer holds, by validTo, until or count.',
    },
    DUPLICATE: {
      value: 'duplicate',
      description: 'A service whose name resembles that of another service of the same organization.',
    },
    DEAD_REFERENCE: {
      value: 'dead_reference',
      description: 'An attribute or metadata of a record that is gone, or a term of a taxonomy that is not there.',
    },
    ATTACHED_TO_NOTHING: {
      value: 'attached_to_nothing',
      description: 'A record that belongs to nothing, such as a service area of no service.',
    },
  } satisfies Record<Uppercase<FindingKind>, { value: FindingKind; description: string }>,
})

const DirectoryFinding = builder.objectRef<Finding>('DirectoryFinding').implement({
  authScopes: everyone,
  description: 'Something that weakens the directory, and what to do about it.',
  fields: (t) => ({
    kind: t.expose('kind', { type: Kind, description: 'What it is.' }),
    recordType: t.exposeString('entity', {
      description: 'Kind of the record concerned, by its HSDS name, such as service or service_area.',
    }),
    recordId: t.id({
      description: 'Global id of the record concerned; node gives the record.',
      resolve: ({ entity, id }) => encodeGlobalId(entity, id),
    }),
    recordUuid: t.exposeString('uuid', { description: 'Identifier that HSDS exchanges for the record (a UUID).' }),
    recordName: t.string({
      nullable: true,
      description: 'By what a person knows the record, such as the name of the service; null when nothing names it.',
      resolve: ({ name }) => name || null,
    }),
    organizationName: t.exposeString('holder', {
      nullable: true,
      description: 'Name of the organization that answers for the record; null when it is nobody’s.',
    }),
    sentence: t.exposeString('sentence', { description: 'What is wrong and what to do about it, in English.' }),
  }),
})

const DirectoryFindingCount = builder
  .objectRef<{ kind: FindingKind; count: number }>('DirectoryFindingCount')
  .implement({
    authScopes: everyone,
    description: 'How many findings there are of a kind.',
    fields: (t) => ({
      kind: t.expose('kind', { type: Kind, description: 'The kind.' }),
      count: t.exposeInt('count', { description: 'How many.' }),
    }),
  })

interface Findings {
  counts: () => Promise<{ kind: FindingKind; count: number }[]>
}

const edge = builder.edgeObject({
  type: DirectoryFinding,
  authScopes: everyone,
  name: 'DirectoryFindingEdge',
  description: 'A finding and where it stands.',
})

const findings = builder.connectionObject(
  {
    type: DirectoryFinding,
    authScopes: everyone,
    name: 'DirectoryFindingConnection',
    description: 'A page of findings.',
    fields: (t) => ({
      counts: t.field({
        type: [DirectoryFindingCount],
        description: 'How many findings there are of each kind that was asked for, kinds without any left out.',
        resolve: (connection) => (connection as unknown as Findings).counts(),
      }),
    }),
  },
  edge,
)

builder.prismaObjectField('Network', 'directoryFindings', (t) =>
  t.connection(
    {
      type: DirectoryFinding,
      description:
        'What weakens the directory: by kind, in the order of the enum, then by name. Looked for anew each time.',
      // Each look goes through the directory: no request may look more than a few times.
      complexity: pageCost(5_000),
      select: { id: true },
      args: {
        kinds: t.arg({
          type: [Kind],
          description: 'Only findings of these kinds; all when absent.',
          validate: z.array(z.string()).max(findingKinds.length, `at most ${findingKinds.length} kinds`),
        }),
      },
      resolve: async ({ id: networkId }, args, { prisma }) => {
        const check: Check = { networkId, kinds: args.kinds ?? undefined, patience: limits.lookMilliseconds }
        const backward = args.last != null
        const page = await inTime(
          listFindings(prisma, check, {
            size: (args.last ?? args.first)!,
            backward,
            after: readCursor(args.after, 'after'),
            before: readCursor(args.before, 'before'),
          }),
        )
        const edges = page.findings.map((node) => ({ cursor: writeCursor(node), node }))
        let counted: ReturnType<typeof countFindings> | undefined
        const counts = () => {
          counted ??= inTime(countFindings(prisma, check))
          return counted
        }
        return {
          edges,
          pageInfo: pageInfoOf(args, page.hasMore, edges),
          totalCount: async () => (await counts()).reduce((sum, { count }) => sum + count, 0),
          counts,
        }
      },
    },
    findings,
    edge,
  ),
)

async function inTime<Result>(look: Promise<Result>): Promise<Result> {
  try {
    return await look
  } catch (error) {
    if (!(error instanceof CheckTooSlow)) throw error
    const message =
      'directoryFindings: this directory takes longer to look through than a request may. ' +
      'Ask for fewer kinds, or let an operator run `directory check`.'
    throw new GraphQLError(message, { extensions: { code: 'TOO_SLOW' } })
  }
}

const cursors = cursorsOf(z.tuple([z.enum(findingKinds), z.string().refine(isStorable), z.uuid()]))

function writeCursor({ kind, name, id }: FindingPosition): string {
  return cursors.write([kind, name, id])
}

function readCursor(cursor: string | null | undefined, argument: string): FindingPosition | undefined {
  const position = cursors.read(cursor, argument)
  return position && { kind: position[0], name: position[1], id: position[2] }
}
