/** The mutations of the directory: each kind of record is made, changed, published, retired or removed in the same way. */
import type { Transaction } from '../../../database/connect.ts'
import type { Prisma, PrismaClient } from '../../../generated/prisma/client.ts'
import { builder } from '../../../graphql/builder.ts'
import type { Context } from '../../../graphql/context.ts'
import { encodeGlobalId } from '../../../graphql/global-id.ts'
import { expectedVersion, readId, repeatKey } from '../../../graphql/mutation-input.ts'
import { refusing } from '../../../graphql/problems.ts'
import { coordinators, directoryWriters } from '../../access/rights.ts'
import { actOnce } from '../../trace/act-once.ts'
import { changeRecord } from '../edit/change-record.ts'
import { words } from '../edit/check-values.ts'
import { createRecord } from '../edit/create-record.ts'
import {
  camelCase,
  type EditedKind,
  editedKinds,
  isOfNetwork,
  isPublishedAlone,
  namesNetwork,
  typeNameOf,
} from '../edit/edited-kinds.ts'
import type { Edited, Editor, EditTarget } from '../edit/editing.ts'
import { publishRecord } from '../edit/publish-record.ts'
import { discardDraft, removeRecord } from '../edit/remove-record.ts'
import { retireRecord } from '../edit/retire-record.ts'
import { changeInput, createInput, type Given, readAnyId, readValues, targetInput } from './edit-inputs.ts'

interface Removed {
  entity: EditedKind
  id: string
}

const RemovedRecord = builder.objectRef<Removed>('RemovedRecord').implement({
  authScopes: directoryWriters,
  description: 'A record of the directory that is no longer there.',
  fields: (t) => ({
    id: t.id({
      description: 'The global id that it had.',
      resolve: ({ entity, id }) => encodeGlobalId(typeNameOf(entity), id),
    }),
  }),
})

for (const entity of editedKinds) {
  const type = typeNameOf(entity)
  const kind = words(entity)
  // What only coordinators make, the permission of the field says already.
  const authScopes = isOfNetwork(entity) ? coordinators : directoryWriters
  const EditedType = editedType(entity)

  const creation = createInput(entity)
  builder.mutationField(`create${type}`, (t) =>
    t.field({
      authScopes: entity === 'organization' ? coordinators : authScopes,
      type: EditedType,
      description: `Makes a ${kind}. ${whereItIs(entity)} ${whoMay(entity)}`,
      args: { input: t.arg({ type: creation, required: true, description: `The ${kind} to make.` }) },
      errors: refusing(`Create${type}`, `The ${kind}, or why it was not made.`),
      resolve: (_parent, { input }, context) => {
        const given = input as Given
        const networkId = namesNetwork(entity) ? readId('Network', given.network as string, ['network']) : undefined
        const values = readValues(entity, given)
        return edit(context, `create${type}`, given, (tx, editor) =>
          createRecord(tx, editor, { entity, ...(networkId && { networkId }), values }),
        )
      },
    }),
  )

  const change = changeInput(entity)
  builder.mutationField(`change${type}`, (t) =>
    t.field({
      authScopes,
      type: EditedType,
      description: `Changes a ${kind}, be it public or a draft. ${whoMay(entity)}`,
      args: { input: t.arg({ type: change, required: true, description: 'What is to be different.' }) },
      errors: refusing(`Change${type}`, `The ${kind}, or why it was not changed.`),
      resolve: (_parent, { input }, context) => {
        const target = readTarget(entity, input as Given)
        const values = readValues(entity, input as Given)
        return edit(context, `change${type}`, input as Given, (tx, editor) =>
          changeRecord(tx, editor, { ...target, values }),
        )
      },
    }),
  )

  if (isPublishedAlone(entity)) {
    const publication = targetInput(`Publish${type}`, entity, `The draft of a ${kind} to publish.`)
    builder.mutationField(`publish${type}`, (t) =>
      t.field({
        authScopes: entity === 'organization' ? coordinators : authScopes,
        type: EditedType,
        description: `Publishes the draft of a ${kind}, with all drafts that are parts of it. ${whoMay(entity)}`,
        args: { input: t.arg({ type: publication, required: true, description: 'The draft.' }) },
        errors: refusing(`Publish${type}`, `The ${kind}, now public, or why it is not.`),
        resolve: (_parent, { input }, context) => {
          const target = readTarget(entity, input as Given)
          return edit(context, `publish${type}`, input as Given, (tx, editor) => publishRecord(tx, editor, target))
        },
      }),
    )
  }

  if (entity === 'service' || entity === 'organization') {
    const retirement = targetInput(`Retire${type}`, entity, `The ${kind} to retire.`)
    builder.mutationField(`retire${type}`, (t) =>
      t.field({
        authScopes,
        type: EditedType,
        description: `${whatRetires[entity]} ${whoMay(entity)}`,
        args: { input: t.arg({ type: retirement, required: true, description: `The ${kind} to retire.` }) },
        errors: refusing(`Retire${type}`, `The ${kind}, or why it was not retired.`),
        resolve: (_parent, { input }, context) => {
          const target = { ...readTarget(entity, input as Given), entity }
          return edit(context, `retire${type}`, input as Given, (tx, editor) => retireRecord(tx, editor, target))
        },
      }),
    )
  } else {
    const removal = targetInput(`Remove${type}`, entity, `The ${kind} to remove.`)
    builder.mutationField(`remove${type}`, (t) =>
      t.field({
        authScopes,
        type: RemovedRecord,
        description:
          `Removes a ${kind}, be it public or a draft, with the parts that hang on it alone. What others refer to is ` +
          `refused with IN_USE. ${whoMay(entity)}`,
        args: { input: t.arg({ type: removal, required: true, description: `The ${kind} to remove.` }) },
        errors: refusing(`Remove${type}`, `What was removed, or why it is still there.`),
        resolve: (_parent, { input }, context) => {
          const target = readTarget(entity, input as Given)
          return edit(context, `remove${type}`, input as Given, async (tx, editor) => {
            await removeRecord(tx, editor, target)
            return { entity, id: target.id }
          })
        },
      }),
    )
  }
}

const whatRetires = {
  service: 'Ends a service for good: its status becomes DEFUNCT, and its id still leads to it.',
  organization:
    'Retires an organization: its services have ended for good. It must not be a member any more (MEMBERSHIP_ACTIVE).',
}

const DiscardDraftInput = builder.inputType('DiscardDraftInput', {
  description: 'The draft to discard.',
  fields: (t) => ({
    idempotencyKey: t.string(repeatKey),
    draft: t.id({ required: true, description: 'Id of the draft: the global id that the record would have.' }),
    expectedVersion: t.int(expectedVersion),
  }),
})

builder.mutationField('discardDraft', (t) =>
  t.field({
    authScopes: directoryWriters,
    type: RemovedRecord,
    description: 'Discards a draft, with all drafts that are parts of it. For those who may write it.',
    args: { input: t.arg({ type: DiscardDraftInput, required: true, description: 'The draft to discard.' }) },
    errors: refusing('DiscardDraft', 'What was discarded, or why it is still there.'),
    resolve: (_parent, { input }, context) => {
      const { kind: entity, key: id } = readAnyId(input.draft, editedKinds, 'draft')
      const target = { entity, id, expectedVersion: input.expectedVersion, path: 'draft' }
      return edit(context, 'discardDraft', input, async (tx, editor) => {
        await discardDraft(tx, editor, target)
        return { entity, id }
      })
    },
  }),
)

function editedType(entity: EditedKind) {
  const type = typeNameOf(entity)
  const name = camelCase(entity)
  return builder.objectRef<Edited>(`Edited${type}`).implement({
    authScopes: directoryWriters,
    description: `A ${words(entity)} as an edit left it.`,
    fields: (t) => ({
      id: t.id({
        description: 'Global id, the same before and after it is published.',
        resolve: ({ id }) => encodeGlobalId(type, id),
      }),
      recordVersion: t.exposeInt('recordVersion', {
        description: 'How often it was written. Who changes it next names this version.',
      }),
      isPublished: t.exposeBoolean('isPublished', { description: 'Whether the public sees it.' }),
      [name]: t.prismaField({
        type: type as 'Service',
        nullable: true,
        description: 'The record, as the public sees it; null while it is a draft.',
        resolve: (query, { id }, _args, { prisma }) =>
          (prisma[name as 'service'] as PrismaClient['service']).findUnique({ ...query, where: { id } }),
      }),
    }),
  })
}

function readTarget(entity: EditedKind, { id, expectedVersion }: Given): EditTarget {
  const key = readId(typeNameOf(entity), id as string, ['id'])
  return { entity, id: key, expectedVersion: expectedVersion as number }
}

// What hangs on a record, such as all services of an organization, is written with it.
const timeout = 60_000

function edit<Answer extends Edited | Removed>(
  { prisma, actor, requestId }: Context,
  operation: string,
  { idempotencyKey, ...input }: Given,
  work: (tx: Transaction, editor: Editor) => Promise<Answer>,
): Promise<Answer> {
  return actOnce(prisma, actor, {
    operation,
    idempotencyKey: idempotencyKey as string | null | undefined,
    input,
    act: (tx) => work(tx, { actor, requestId }),
    keep: (answer) => ({ ...(answer as object) }) as Prisma.InputJsonObject,
    recall: async (_tx, kept) => kept as unknown as Answer,
    timeout,
  })
}

function whereItIs(entity: EditedKind): string {
  if (isPublishedAlone(entity)) return 'It is a draft, which nobody else sees, until it is published.'
  if (isOfNetwork(entity)) return 'It is public at once.'
  return 'It is public at once where what it belongs to is; else it is a part of that draft.'
}

function whoMay(entity: EditedKind): string {
  if (isOfNetwork(entity)) return 'For coordinators of the network.'
  if (entity === 'organization') return 'For coordinators of the network, and for the organization once it is public.'
  if (entity === 'location') return 'For the organization that keeps it, or coordinators where none does.'
  return 'For the organization to which it belongs, and coordinators of its network.'
}
