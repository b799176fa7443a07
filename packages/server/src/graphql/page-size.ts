/** A Pothos plugin: every connection asks for `first` or `last`, from 1 to the largest page, and costs as much. */

import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core'
import type { FieldComplexity } from '@pothos/plugin-complexity'
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
  // The page multiplies what is asked of its items, not the list of them once more.
  override onOutputFieldConfig(config: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    const isPage = 'first' in config.args && 'last' in config.args
    const isList = /Connection$/.test(config.parentType) && /^(nodes|edges)$/.test(config.name)
    const { complexity } = config.pothosOptions as { complexity?: FieldComplexity<object, object> }
    if (complexity !== undefined || !(isPage || isList)) return config
    const costs = isPage ? pageCost(1) : { field: 1, multiplier: 1 }
    return {
      ...config,
      pothosOptions: { ...config.pothosOptions, complexity: costs },
      extensions: { ...config.extensions, complexity: costs },
    } as typeof config
  }

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
  first?: number | null | undefined
  last?: number | null | undefined
}

/** The complexity of a connection: so much itself, and its items as often as the page has room for. */
export function pageCost(field: number) {
  return ({ first, last }: PageArguments) => ({
    field,
    multiplier: Math.max(1, Math.min(first ?? last ?? 1, limits.pageSize)),
  })
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
