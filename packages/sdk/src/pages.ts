/** Long lists, page by page: each page is one request, made when the loop comes to it and not before. */

/** One page, as it was answered; it never changes. */
export interface Page<T> {
  readonly items: readonly T[]
  /** How many items there are on all pages together. */
  readonly totalCount: number
  /** Where the page ends; a later list can start after it. Null when the page is empty. */
  readonly endCursor: string | null
  readonly hasNextPage: boolean
}

/** A list that is asked for as it is read, from its beginning each time: `for await (const item of list)`. */
export interface Pages<T> extends AsyncIterable<T> {
  /** The pages one by one. */
  pages(): AsyncIterable<Page<T>>
  /** The first page alone: one request. */
  first(): Promise<Page<T>>
  /** Every item, in memory; a request a page. */
  toArray(): Promise<T[]>
}

/** A list from the function that asks for the page after a cursor. */
export function paginate<T>(ask: (after: string | null) => Promise<Page<T>>, start: string | null): Pages<T> {
  async function* pages(): AsyncGenerator<Page<T>> {
    let after = start
    for (;;) {
      const page = await ask(after)
      yield page
      if (!page.hasNextPage || page.endCursor === null) return
      after = page.endCursor
    }
  }
  async function* items(): AsyncGenerator<T> {
    for await (const page of pages()) yield* page.items
  }
  async function toArray(): Promise<T[]> {
    const all: T[] = []
    for await (const item of items()) all.push(item)
    return all
  }
  return { pages, first: () => ask(start), toArray, [Symbol.asyncIterator]: items }
}

/** A page from a connection of the API. */
export function toPage<T>(connection: {
  nodes: T[]
  totalCount: number
  pageInfo: { endCursor: string | null; hasNextPage: boolean }
}): Page<T> {
  const { nodes, totalCount, pageInfo } = connection
  return { items: nodes, totalCount, endCursor: pageInfo.endCursor, hasNextPage: pageInfo.hasNextPage }
}
