/** Connections whose pages a use-case finds by position: their cursors, and where a page stands. */
import type { z } from 'zod'
import { badInput } from './errors.ts'

/** Cursors that hold a position, written as the values of `shape`. */
export function cursorsOf<Shape extends z.ZodTuple>(shape: Shape) {
  return {
    write: (values: z.infer<Shape>): string => Buffer.from(JSON.stringify(values)).toString('base64url'),
    /** The position; undefined without a cursor. Throws bad input for what is none. */
    read: (cursor: string | null | undefined, argument: string): z.infer<Shape> | undefined => {
      if (cursor == null) return undefined
      try {
        return shape.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
      } catch {
        const message = `${argument}: this is not a cursor of this connection. Use one that a page returned.`
        throw badInput(message, [argument])
      }
    },
  }
}

interface PageArguments {
  last?: number | null | undefined
  after?: string | null | undefined
  before?: string | null | undefined
}

/** Where a page stands; `hasMore` tells of the direction in which it was read. */
export function pageInfoOf({ last, after, before }: PageArguments, hasMore: boolean, edges: { cursor: string }[]) {
  const backward = last != null
  return {
    hasNextPage: backward ? before != null : hasMore,
    hasPreviousPage: backward ? hasMore : after != null,
    startCursor: edges.at(0)?.cursor ?? null,
    endCursor: edges.at(-1)?.cursor ?? null,
  }
}
