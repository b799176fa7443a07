/**
 * A Pothos plugin: a column that came with its row is answered as it is. Pothos' own way asks for each value of each row
 * whether its selection was loaded, a quarter of the time that a long list takes; that is still how an absent one is found.
 */
import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core'
import type { GraphQLFieldResolver } from 'graphql'

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
    { kind, extensions }: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    const column = extensions?.pothosExposedField
    if (kind !== 'PrismaObject' || typeof column !== 'string') return resolver
    return (row, args, context, info) => {
      const value = (row as Record<string, unknown>)[column]
      return value === undefined ? resolver(row, args, context, info) : value
    }
  }
}

SchemaBuilder.registerPlugin('loadedColumns', LoadedColumnsPlugin)

export default 'loadedColumns' as const
