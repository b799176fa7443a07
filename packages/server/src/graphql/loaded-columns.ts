/**
 * A Pothos plugin: a column that came with its row is answered as it is, and so is the global id made of one. Pothos asks
 * for each value of each row whether its selection was loaded, and makes a promise of each id, which makes one of all that
 * holds it: a third of the time that a long list takes. Its way is still how a column that is absent gets loaded.
 */
import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core'
import type { GraphQLFieldResolver } from 'graphql'
import { encodeGlobalId } from './global-id.ts'

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      loadedColumns: LoadedColumnsPlugin<Types>
    }
  }
}

class LoadedColumnsPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolver: GraphQLFieldResolver<unknown, Types['Context'], object>,
    { kind, name, parentType, extensions }: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    const column = extensions?.pothosExposedField
    if (kind === 'PrismaObject' && typeof column === 'string') {
      return (row, args, context, info) => {
        const value = (row as Record<string, unknown>)[column]
        return value === undefined ? resolver(row, args, context, info) : value
      }
    }
    if (name === 'id' && this.buildCache.getTypeConfig(parentType).extensions?.pothosPrismaModel !== undefined) {
      return (row, args, context, info) => {
        const { id } = row as { id?: unknown }
        return typeof id === 'string' ? encodeGlobalId(parentType, id) : resolver(row, args, context, info)
      }
    }
    return resolver
  }
}

SchemaBuilder.registerPlugin('loadedColumns', LoadedColumnsPlugin)

export default 'loadedColumns' as const
