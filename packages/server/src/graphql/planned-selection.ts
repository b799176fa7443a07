/**
 * What a field asks of its record, as Prisma takes it. Pothos finds that out by walking the query, which takes as long as
 * asking for one record does; where it is the same for every run of a document, it is found out once.
 */
import { queryFromInfo } from '@pothos/plugin-prisma'
import type { FieldNode, GraphQLResolveInfo } from 'graphql'
import type { Context } from './context.ts'
import { asksAlike } from './plain-query.ts'

// biome-ignore lint/suspicious/noExplicitAny: each model has arguments of its own, and all have a `where` and what is selected.
type Find<Row> = (args: any) => Promise<Row | null>

/**
 * Looks up the record that has a key, with what the field `info` asks of it. Prisma gathers what is looked up by a key at one
 * moment, to ask for it together; in a plain query there is nothing else to look up, and no use in looking for it.
 */
export function lookUp<Row>(
  delegate: { findFirst: Find<Row>; findUnique: Find<Row> },
  where: { id: string } | { slug: string },
  context: Context,
  info: GraphQLResolveInfo,
): Promise<Row | null> {
  const query = { ...selectionOf(context, info), where }
  return context.plain === true ? delegate.findFirst(query) : delegate.findUnique(query)
}

/** By the nodes of a field in its document; they go with the document. */
const planned = new WeakMap<readonly FieldNode[], object>()

/** What the field `info` asks of its record: the `select` or `include` of Prisma. */
export function selectionOf(context: Context, info: GraphQLResolveInfo): object {
  if (!asksAlike(info)) return queryFromInfo({ context, info })
  const known = planned.get(info.fieldNodes)
  if (known !== undefined) return known
  const { watched, wasRead } = watchReads(context)
  const selection = queryFromInfo({ context: watched, info })
  if (wasRead()) return queryFromInfo({ context, info })
  planned.set(info.fieldNodes, selection)
  return selection
}

// What hangs on who asks must be found out for each who asks. Pothos itself looks for a symbol of its own.
function watchReads(context: Context): { watched: Context; wasRead: () => boolean } {
  let read = false
  const watched = new Proxy(context, {
    get: (target, name) => {
      read ||= typeof name === 'string'
      return Reflect.get(target, name)
    },
  })
  return { watched, wasRead: () => read }
}
