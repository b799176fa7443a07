/** Drafts of the directory, as those who may write them see them. */
import { builder } from '../../../graphql/builder.ts'
import { connectionOf } from '../../../graphql/connection.ts'
import { encodeGlobalId } from '../../../graphql/global-id.ts'
import { directoryWriters, rightToCoordinate, rightToWrite } from '../../access/rights.ts'
import { words } from '../edit/check-values.ts'
import {
  camelCase,
  type EditedKind,
  editedKinds,
  inputNameOf,
  type RowData,
  tiesOf,
  typeNameOf,
} from '../edit/edited-kinds.ts'
import { hsds } from '../hsds/model.ts'

const DirectoryKind = builder.enumType('DirectoryKind', {
  description: 'Kind of a record of the directory, as HSDS calls it.',
  values: Object.fromEntries(
    editedKinds.map((kind) => [kind.toUpperCase(), { value: kind, description: `A ${words(kind)}.` }]),
  ) as Record<string, { value: EditedKind; description: string }>,
})

interface DraftValue {
  field: string
  value: string
}

const DraftValueType = builder.objectRef<DraftValue>('DirectoryDraftValue').implement({
  authScopes: directoryWriters,
  description: 'A value of a draft.',
  fields: (t) => ({
    field: t.exposeString('field', { description: 'The field, by its name in the input of the mutations.' }),
    value: t.exposeString('value', {
      description: 'The value as text: of a reference the global id, of a code the word that HSDS has for it.',
    }),
  }),
})

const DraftType = builder.prismaObject('DirectoryDraft', {
  authScopes: directoryWriters,
  description: 'A record of the directory that is not published: only those who may write it see it.',
  select: { id: true, entity: true },
  fields: (t) => ({
    id: t.id({
      description: 'The global id that the record will have. The mutations take it; queries find nothing by it yet.',
      resolve: ({ id, entity }) => encodeGlobalId(typeNameOf(entity), id),
    }),
    kind: t.field({ type: DirectoryKind, description: 'Kind of record.', resolve: ({ entity }) => entity }),
    recordVersion: t.exposeInt('recordVersion'),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    changedAt: t.expose('changedAt', { type: 'DateTime' }),
    values: t.field({
      type: [DraftValueType],
      select: { data: true },
      description: 'What it says, field by field; what is not known is absent.',
      resolve: ({ entity, data }) => valuesOf(entity, data as RowData),
    }),
    parts: t.relation('parts', {
      description: 'Drafts that are parts of it, and are published with it; oldest first.',
      query: { orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] },
    }),
  }),
})

const drafts = connectionOf(DraftType, 'DirectoryDraft', 'drafts', directoryWriters)

// Parts are told by what they are parts of.
const latest = { where: { holderId: null }, orderBy: [{ changedAt: 'desc' as const }, { id: 'asc' as const }] }

builder.prismaObjectField('Network', 'drafts', (t) =>
  t.relatedConnection(
    'drafts',
    {
      authScopes: ({ id }, _args, { actor }) => rightToCoordinate(actor, id) !== undefined,
      description: 'Drafts of its directory, last changed first. For coordinators of the network.',
      cursor: 'id',
      totalCount: true,
      query: latest,
    },
    drafts,
  ),
)

builder.prismaObjectField('Organization', 'drafts', (t) =>
  t.relatedConnection(
    'drafts',
    {
      authScopes: ({ id, networkId }, _args, { actor }) =>
        rightToWrite(actor, { networkId, organizationId: id }) !== undefined,
      description: 'Drafts of what it owns, last changed first. For the organization and coordinators of its network.',
      cursor: 'id',
      totalCount: true,
      query: latest,
    },
    drafts,
  ),
)

function valuesOf(entity: EditedKind, data: RowData): DraftValue[] {
  const ties = tiesOf(entity, data).map(({ column, to, id }) => ({
    field: inputNameOf(entity, column),
    value: encodeGlobalId(typeNameOf(to), id),
  }))
  const names = [...Object.keys(hsds[entity].fields), ...(entity === 'organization' ? ['kind'] : [])]
  const fields = names.flatMap((name) =>
    data[name] == null ? [] : [{ field: camelCase(name), value: String(data[name]) }],
  )
  return [...ties, ...fields]
}
