/** A Pothos plugin: every connection asks for `first` or `last`, from 1 to the largest page. */
import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core'
import type { GraphQLFieldResolver } from 'graphql'
import { badInput } from './errors.ts'
import { limits } from './limits.ts'

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      pageSize: PageSizePlugin<Types>
    }
  }
}

class PageSizePlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolver: GraphQLFieldResolver<unknown, Types['Context'], object>,
    config: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    if (!('first' in config.args && 'last' in config.args)) return resolver
    return (parent, args, context, info) => {
      checkPage(config.name, args)
      return resolver(parent, args, context, info)
    }
  }
}

interface PageArguments {
  first?: number | null
  last?: number | null
}

function checkPage(field: string, { first, last }: PageArguments): void {
  if (first != null && last != null) throw badInput(`${field}: give first or last, not both.`, ['first'])
  const [name, size] = last == null ? (['first', first] as const) : (['last', last] as const)
  if (size == null)
    throw badInput(`${field}: say how many with first or last, from 1 to ${limits.pageSize}.`, ['first'])
  if (size < 1 || size > limits.pageSize) {
    throw badInput(`${field}: ${name} is ${size}; it goes from 1 to ${limits.pageSize}. Ask for more with after.`, [
      name,
    ])
  }
}

SchemaBuilder.registerPlugin('pageSize', PageSizePlugin)

export default 'pageSize' as const
