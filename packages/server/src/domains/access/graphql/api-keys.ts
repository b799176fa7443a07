/** API keys of organizations: made, replaced and revoked by who administers them. */
import DataLoader from 'dataloader'
import type { Transaction } from '../../../database/connect.ts'
import type { ApiKeyScope, StaffRole } from '../../../generated/prisma/enums.ts'
import { builder } from '../../../graphql/builder.ts'
import { connectionOf } from '../../../graphql/connection.ts'
import { type Context, perRequest } from '../../../graphql/context.ts'
import { idempotencyKey, readId } from '../../../graphql/mutation-input.ts'
import { refusing } from '../../../graphql/problems.ts'
import { Refused } from '../../../refused.ts'
import { Organization } from '../../network/graphql.ts'
import { actOnce } from '../../trace/act-once.ts'
import { type Act, type Action, recordAct } from '../../trace/record-act.ts'
import { administers, type Owned, roleOver } from '../administers.ts'
import { createApiKey, longestOverlap, revokeApiKey, rotateApiKey, type ToldApiKey } from '../api-keys.ts'
import { rightToCoordinate } from '../rights.ts'
import { Scope } from './scope.ts'

/** Who administers organizations; of which, the use-case asks. */
const administrators: StaffRole[] = ['network_coordinator', 'organization_admin']

const ApiKeyType = builder.prismaNode('ApiKey', {
  authScopes: (key, { actor }) => administers(actor, key),
  id: { field: 'id' },
  select: { id: true, networkId: true, organizationId: true },
  nullable: true,
  fields: (t) => ({
    name: t.exposeString('name'),
    hint: t.exposeString('hint'),
    scopes: t.field({
      type: [Scope],
      select: { scopes: true },
      description: 'What may be done with it.',
      resolve: ({ scopes }) => scopes,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: true }),
    revokedAt: t.expose('revokedAt', { type: 'DateTime', nullable: true }),
    lastUsedOn: t.expose('lastUsedOn', { type: 'Date', nullable: true }),
    organization: t.relation('organization', { description: 'The organization that asks with it.' }),
  }),
})

/** The networks of organizations: a row doesn't come with it unless somebody asks, and almost nobody asks for keys. */
const networksOf = perRequest(
  ({ prisma }) =>
    new DataLoader(async (ids: readonly string[]) => {
      const where = { id: { in: [...ids] } }
      const found = await prisma.organization.findMany({ where, select: { id: true, networkId: true } })
      const networks = new Map(found.map(({ id, networkId }) => [id, networkId]))
      return ids.map((id) => networks.get(id))
    }),
)

builder.prismaObjectField(Organization, 'apiKeys', (t) =>
  t.relatedConnection(
    'apiKeys',
    {
      authScopes: async ({ id }, _args, context) => {
        if (context.actor.kind !== 'staff') return false
        const networkId = await networksOf(context).load(id)
        return networkId !== undefined && administers(context.actor, { networkId, organizationId: id })
      },
      nullable: true,
      description:
        'Its API keys, the newest first, those too that ended. For administrators of the organization, and coordinators ' +
        'of its network; null for everybody else.',
      cursor: 'id',
      totalCount: true,
      query: { orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] },
    },
    connectionOf(ApiKeyType, 'ApiKey', 'API keys'),
  ),
)

interface MadeApiKey {
  id: string
  key: string | null
}

const MadeApiKeyType = builder.objectRef<MadeApiKey>('MadeApiKey').implement({
  authScopes: { staff: administrators },
  description: 'An API key that was made.',
  fields: (t) => ({
    apiKey: t.prismaField({
      type: ApiKeyType,
      description: 'What is known of it.',
      resolve: (query, { id }, _args, { prisma }) => prisma.apiKey.findUniqueOrThrow({ ...query, where: { id } }),
    }),
    key: t.exposeString('key', {
      nullable: true,
      description:
        'The key, for the header Authorization: Bearer <key>. It is told once: null in the answer to a repeat; revoke it ' +
        'then, and make another.',
    }),
  }),
})

const CreateApiKeyInput = builder.inputType('CreateApiKeyInput', {
  description: 'The API key to make.',
  fields: (t) => ({
    idempotencyKey: t.string(idempotencyKey),
    organization: t.id({ required: true, description: 'Global id of the organization that will ask with it.' }),
    name: t.string({ required: true, description: 'What to call it, such as the machine that will have it.' }),
    scopes: t.field({ type: [Scope], required: true, description: 'What may be done with it: at least one.' }),
    expiresAt: t.field({ type: 'DateTime', description: 'Moment from which it is no longer taken; never without.' }),
  }),
})

const ReplaceApiKeyInput = builder.inputType('ReplaceApiKeyInput', {
  description: 'The API key to replace.',
  fields: (t) => ({
    idempotencyKey: t.string(idempotencyKey),
    apiKey: t.id({ required: true, description: 'Global id of the key.' }),
    overlap: t.int({
      required: true,
      description: `For how many seconds the old one stays in force: 0 to ${longestOverlap}.`,
    }),
  }),
})

const RevokeApiKeyInput = builder.inputType('RevokeApiKeyInput', {
  description: 'The API key to take out of force.',
  fields: (t) => ({ apiKey: t.id({ required: true, description: 'Global id of the key.' }) }),
})

builder.mutationFields((t) => ({
  createApiKey: t.field({
    authScopes: { staff: administrators },
    type: MadeApiKeyType,
    description: 'Makes an API key. For administrators of the organization, and coordinators of its network.',
    args: { input: t.arg({ type: CreateApiKeyInput, required: true, description: 'The key to make.' }) },
    errors: refusing('CreateApiKey', 'The key, or why there is none.'),
    resolve: async (_parent, { input }, context) => {
      const organizationId = readId('Organization', input.organization, ['organization'])
      const owner = await findAdministered(context, organizationId)
      refuseToCoordinate(context, owner, input.scopes)
      return makeKey(context, 'createApiKey', input, owner, 'api_key.create', (tx) =>
        createApiKey(tx, { ...owner, name: input.name, scopes: input.scopes, expiresAt: input.expiresAt ?? null }),
      )
    },
  }),
  replaceApiKey: t.field({
    authScopes: { staff: administrators },
    type: MadeApiKeyType,
    description: 'Makes an API key that takes the place of another, with its name, scopes and end.',
    args: { input: t.arg({ type: ReplaceApiKeyInput, required: true, description: 'The key to replace.' }) },
    errors: refusing('ReplaceApiKey', 'The new key, or why there is none.'),
    resolve: async (_parent, { input }, context) => {
      const { id, scopes, ...owner } = await findAdministeredKey(context, input.apiKey)
      refuseToCoordinate(context, owner, scopes)
      return makeKey(context, 'replaceApiKey', input, owner, 'api_key.rotate', (tx) =>
        rotateApiKey(tx, { id, overlap: input.overlap }),
      )
    },
  }),
  revokeApiKey: t.prismaField({
    authScopes: { staff: administrators },
    type: ApiKeyType,
    description:
      'Takes an API key out of force, on every server before a second is over. Repeating it changes nothing.',
    args: { input: t.arg({ type: RevokeApiKeyInput, required: true, description: 'The key to take out of force.' }) },
    errors: refusing('RevokeApiKey', 'The key, or why it is still in force.'),
    resolve: async (query, _parent, { input }, context) => {
      const { id, networkId, organizationId } = await findAdministeredKey(context, input.apiKey)
      const owner = { networkId, organizationId }
      await context.prisma.$transaction(async (tx) => {
        await revokeApiKey(tx, id)
        await recordAct(tx, actOf(context, owner, 'api_key.revoke', id))
      })
      return context.prisma.apiKey.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
}))

function makeKey(
  context: Context,
  operation: string,
  { idempotencyKey, ...input }: { idempotencyKey: string },
  owner: Owned,
  action: Action,
  make: (tx: Transaction) => Promise<ToldApiKey>,
): Promise<MadeApiKey> {
  return actOnce(context.prisma, context.actor, {
    operation,
    idempotencyKey,
    input,
    act: async (tx): Promise<MadeApiKey> => {
      const { row, key } = await make(tx)
      await recordAct(tx, actOf(context, owner, action, row.id))
      return { id: row.id, key }
    },
    keep: ({ id }) => ({ id }),
    recall: async (_tx, { id }) => ({ id, key: null }),
  })
}

// What is not there and what is another's are told alike.
async function findAdministered({ prisma, actor }: Context, id: string): Promise<Owned> {
  const found = await prisma.organization.findUnique({ where: { id }, select: { id: true, networkId: true } })
  const owned = found && { networkId: found.networkId, organizationId: found.id }
  if (owned !== null && administers(actor, owned)) return owned
  throw new Refused('ORGANIZATION_UNKNOWN', 'organization: you administer none with this id.', ['organization'])
}

// Who administers one organization must not make themselves a key to the whole network.
function refuseToCoordinate({ actor }: Context, { networkId }: Owned, scopes: readonly ApiKeyScope[]): void {
  if (!scopes.includes('network_coordinate') || rightToCoordinate(actor, networkId) !== undefined) return
  throw new Refused(
    'SCOPE_NOT_YOURS',
    'scopes: only coordinators of the network make keys with network:coordinate. Leave it out, or ask them.',
    ['scopes'],
  )
}

async function findAdministeredKey(
  { prisma, actor }: Context,
  globalId: string,
): Promise<Owned & { id: string; scopes: ApiKeyScope[] }> {
  const id = readId('ApiKey', globalId, ['apiKey'])
  const found = await prisma.apiKey.findUnique({
    where: { id },
    select: { id: true, networkId: true, organizationId: true, scopes: true },
  })
  if (found !== null && administers(actor, found)) return found
  throw new Refused('KEY_UNKNOWN', 'apiKey: you administer none with this id.', ['apiKey'])
}

function actOf(context: Context, owned: Owned, action: Action, recordKey: string): Act {
  const { id: memberId } = roleOver(context.actor, owned)!
  const { networkId } = owned
  return { doer: { kind: 'staff', memberId }, action, networkId, recordKey, requestId: context.requestId }
}
