/**
 * A Pothos plugin: what came with its row is answered as it is. Pothos asks for each field of each row whether its
 * selection was loaded, by the path that leads to it, and makes a promise of each id, which makes one of all that holds
 * it: a third of the time that a long list takes. Its way is still how what is absent gets loaded.
 *
 * A column is what its name says. A relation hangs on its arguments: Pothos' way tells apart two fields that ask for the
 * same one differently. Only where the context says `plain` (see `plain-query.ts`) can there be no second.
 */
import SchemaBuilder, {
  BasePlugin,
  type PothosOutputFieldConfig,
  PothosSchemaError,
  type SchemaTypes,
} from '@pothos/core'
import type { GraphQLFieldResolver } from 'graphql'
import type { Context } from './context.ts'
import { encodeGlobalId } from './global-id.ts'

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      loadedFields: LoadedFieldsPlugin<Types>
    }
  }
}

type Row = Record<string, unknown>

/** Whether a row came with what a field of a relation shows. */
type IsLoaded = (row: Row, info: object, context: object) => boolean

class LoadedFieldsPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  readonly #shownBy = new Map<string, string>()

  override wrapResolve(
    resolver: GraphQLFieldResolver<unknown, Types['Context'], object>,
    config: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    const { kind, name, parentType, resolve } = config
    // The id of a node is made for it; one that a type declares among its fields is its own.
    const isMade = kind !== 'PrismaObject'
    if (
      name === 'id' &&
      isMade &&
      this.buildCache.getTypeConfig(parentType).extensions?.pothosPrismaModel !== undefined
    ) {
      return (row, args, context, info) => {
        const { id } = row as Row
        return typeof id === 'string' ? encodeGlobalId(parentType, id) : resolver(row, args, context, info)
      }
    }
    if (kind !== 'PrismaObject' || resolve === undefined) return resolver
    const { pothosExposedField: exposed, pothosPrismaSelect: selected } = config.extensions ?? {}
    const columns = typeof exposed === 'string' ? [exposed] : columnsOf(selected)
    if (columns?.length === 1) {
      const column = columns[0]!
      return (row, args, context, info) =>
        (row as Row)[column] === undefined ? resolver(row, args, context, info) : resolve(row, args, context, info)
    }
    if (columns !== undefined) {
      return (row, args, context, info) => {
        const isLoaded = columns.every((column) => (row as Row)[column] !== undefined)
        return (isLoaded ? resolve : resolver)(row, args, context, info)
      }
    }
    const loads = loadsRelation(config.extensions)
    if (loads === undefined) return resolver
    this.#claim(parentType, name, loads.relation)
    const { isLoaded } = loads
    return (row, args, context, info) => {
      const asItIs = (context as Context).plain === true && isLoaded(row as Row, info, context)
      return (asItIs ? resolve : resolver)(row, args, context, info)
    }
  }

  #claim(type: string, field: string, relation: string): void {
    const key = `${type} ${relation}`
    const other = this.#shownBy.get(key)
    if (other !== undefined && other !== field) {
      throw new PothosSchemaError(
        `${type}.${field} and ${type}.${other} both load the relation ${relation}: a row could hold either.`,
      )
    }
    this.#shownBy.set(key, field)
  }
}

/** The relation of a row that a field loads for what it shows; undefined for a field that loads none, or else how. */
export function loadsRelation(
  extensions: Readonly<Record<string, unknown>> | null | undefined,
): { relation: string; isLoaded: IsLoaded } | undefined {
  const { pothosPrismaLoaded: isLoaded, pothosPrismaRelationField: field, loadedRelation } = extensions ?? {}
  const relation = loadedRelation ?? (field as { name: string } | undefined)?.name
  if (typeof relation !== 'string' || typeof isLoaded !== 'function') return undefined
  return { relation, isLoaded: isLoaded as IsLoaded }
}

function columnsOf(selected: unknown): string[] | undefined {
  if (typeof selected !== 'object' || selected === null) return undefined
  const columns = Object.keys(selected)
  return columns.length > 0 && Object.values(selected).every((value) => value === true) ? columns : undefined
}

SchemaBuilder.registerPlugin('loadedFields', LoadedFieldsPlugin)

export default 'loadedFields' as const
