/** The schema builder: its plugins, the scalars and the conventions that every field follows. */
import SchemaBuilder from '@pothos/core'
import ComplexityPlugin from '@pothos/plugin-complexity'
import ErrorsPlugin from '@pothos/plugin-errors'
import PrismaPlugin from '@pothos/plugin-prisma'
import RelayPlugin from '@pothos/plugin-relay'
import ScopeAuthPlugin from '@pothos/plugin-scope-auth'
import TracingPlugin, { isRootField } from '@pothos/plugin-tracing'
import ValidationPlugin from '@pothos/plugin-validation'
import { GraphQLError } from 'graphql'
import { DateResolver, DateTimeResolver, JSONObjectResolver } from 'graphql-scalars'
import type { Actor } from '../actor.ts'
import type PrismaTypes from '../generated/pothos.ts'
import { getDatamodel } from '../generated/pothos.ts'
import type { ApiKeyScope, StaffRole } from '../generated/prisma/enums.ts'
import { callerScopes, unlessWithheld } from './caller-scopes.ts'
import type { Context } from './context.ts'
import { badInput, notPermitted } from './errors.ts'
import { decodeGlobalId, encodeGlobalId } from './global-id.ts'
import { limits } from './limits.ts'
import LoadedFieldsPlugin from './loaded-fields.ts'
import PageSizePlugin from './page-size.ts'
import PermissionsPlugin, { everyone } from './permissions.ts'
import { traceRootField } from './trace.ts'

export const builder = new SchemaBuilder<{
  PrismaTypes: PrismaTypes
  Context: Context
  DefaultFieldNullability: false
  DefaultEdgesNullability: { list: false; items: false }
  DefaultNodeNullability: false
  AuthScopes: {
    /** Everybody. */
    anyone: boolean
    /** An actor of a kind. */
    kind: Actor['kind']
    /** A partner whose key has one of the scopes. */
    partner: ApiKeyScope[]
    /** Somebody of the staff who has one of the roles in some network. */
    staff: StaffRole[]
  }
  Scalars: {
    ID: { Input: string; Output: string }
    Date: { Input: Date; Output: Date }
    DateTime: { Input: Date; Output: Date }
    JSONObject: { Input: object; Output: object }
  }
}>({
  defaultFieldNullability: false,
  // Outermost first: who may ask, whether the arguments are in order, how large the page is, how long it took.
  plugins: [
    ErrorsPlugin,
    PermissionsPlugin,
    ScopeAuthPlugin,
    ValidationPlugin,
    PageSizePlugin,
    TracingPlugin,
    ComplexityPlugin,
    RelayPlugin,
    LoadedFieldsPlugin,
    PrismaPlugin,
  ],
  // Errors that a payload declares become members of its union; no error is declared for all fields.
  errors: { defaultTypes: [] },
  prisma: {
    client: (context) => context.prisma,
    dmmf: getDatamodel(),
    exposeDescriptions: true,
    filterConnectionTotalCount: true,
    maxConnectionSize: limits.pageSize,
  },
  relay: {
    cursorType: 'String',
    encodeGlobalID: encodeGlobalId,
    decodeGlobalID: decodeGlobalId,
    nodesOnConnection: { description: 'The items of the page, without their cursors.' },
    edgesFieldOptions: {
      nullable: { list: false, items: false },
      description: 'The items of the page, with their cursors.',
    },
    nodeFieldOptions: { nullable: false, description: 'The item.' },
    cursorFieldOptions: { description: 'Where the item stands; pass it as after or before.' },
    firstArgOptions: {
      description: `How many items from the start, 1 to ${limits.pageSize}; first or last is required.`,
    },
    lastArgOptions: { description: `How many items from the end, 1 to ${limits.pageSize}; first or last is required.` },
    afterArgOptions: { description: 'Only items after this cursor.' },
    beforeArgOptions: { description: 'Only items before this cursor.' },
    idFieldOptions: { description: 'Global id: the type and the record, unique in the API.' },
    nodeTypeOptions: { authScopes: everyone, description: 'Anything that has a global id.' },
    nodeQueryOptions: {
      authScopes: everyone,
      description: 'The record with a global id; null when there is none.',
      args: { id: { description: 'Global id.' } },
      resolve: (_parent, { id }, context, { schema }, resolveNode) =>
        unlessWithheld(resolveNode(id), id, context, schema) as never,
    },
    nodesQueryOptions: {
      authScopes: everyone,
      description: 'The records with these global ids, in their order; null where there is none.',
      args: {
        ids: { description: `Global ids, at most ${limits.nodes}.` },
      },
      resolve: async (_parent, { ids }, context, { schema }, resolveNodes) => {
        if (ids.length > limits.nodes) {
          throw badInput(`nodes: ${ids.length} ids; at most ${limits.nodes} at a time.`, ['ids'])
        }
        const records = (await resolveNodes(ids)) as unknown[]
        return Promise.all(records.map((each, index) => unlessWithheld(each, ids[index]!, context, schema))) as never
      },
    },
    pageInfoFieldOptions: { description: 'Where the page stands.' },
    hasNextPageFieldOptions: { description: 'Whether items follow the page.' },
    hasPreviousPageFieldOptions: { description: 'Whether items come before the page.' },
    startCursorFieldOptions: { description: 'Where the first item stands; null when there is none.' },
    endCursorFieldOptions: { description: 'Where the last item stands; null when there is none.' },
    pageInfoTypeOptions: { authScopes: everyone, description: 'Where a page stands in its connection.' },
  },
  complexity: {
    defaultComplexity: 1,
    defaultListMultiplier: 5,
    // Whoever knows the cost already has held it against the limits (see cost.ts).
    limit: ({ cost }) =>
      cost === undefined ? { complexity: limits.complexity, depth: limits.depth, breadth: limits.breadth } : {},
    complexityError: (kind, { complexity, breadth, depth, maxComplexity, maxBreadth, maxDepth }) => {
      const told = {
        Complexity: `costs ${complexity}; at most ${maxComplexity}. Ask for fewer items or fields.`,
        Depth: `is ${depth} levels deep; at most ${maxDepth}. Ask for the inner part in a request of its own.`,
        Breadth: `has ${breadth} fields; at most ${maxBreadth}. Ask in several requests.`,
      }[kind]
      throw new GraphQLError(`This operation ${told}`, { extensions: { code: 'TOO_COMPLEX' } })
    },
  },
  validation: {
    validationError: ({ issues }) => {
      const [issue] = issues
      const path = (issue?.path ?? []).map((step) => String(typeof step === 'object' ? step.key : step))
      return badInput(`${path.join('.')}: ${issue?.message}`, path)
    },
  },
  scopeAuth: {
    authorizeOnSubscribe: true,
    authScopes: callerScopes,
    unauthorizedError: (_parent, { actor }) => notPermitted(actor),
  },
  tracing: {
    default: (config) => isRootField(config),
    wrap: (resolver, _options, config) => traceRootField(resolver, config.name),
  },
})

builder.addScalarType('Date', DateResolver)
builder.addScalarType('DateTime', DateTimeResolver)
builder.addScalarType('JSONObject', JSONObjectResolver)

builder.globalConnectionField('totalCount', (t) =>
  t.int({
    description: 'How many items there are on all pages together; counted only when asked for.',
    resolve: (connection) => {
      const { totalCount } = connection as unknown as { totalCount: number | (() => number | Promise<number>) }
      return typeof totalCount === 'function' ? totalCount() : totalCount
    },
  }),
)

builder.queryType({
  description: 'What can be asked. What needs a credential says so; the directory is public.',
})

builder.mutationType({
  description: 'What can be changed. Each says who may, and answers with what it did or why it did not.',
})
