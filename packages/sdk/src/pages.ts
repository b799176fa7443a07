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

/** A list that is asked for as it is read: `for await (const item of list)`, or `of list.pages()`. */
export interface Pages<T> extends AsyncIterable<T> {
  /** The pages one by one. */
  pages(): AsyncIterable<Page<T>>
  /** The first page alone: one request. */
  first(): Promise<Page<T>>
}

/** A list from the function that asks for the page after a cursor. */
export function paginate<T>(ask: (after: string | null) => Promise<Page<T>>, after: string | null): Pages<T> {
  async function* pages(): AsyncGenerator<Page<T>> {
    let cursor = after
    for (;;) {
      const page = await ask(cursor)
      yield page
      if (!page.hasNextPage || page.endCursor === null) return
      cursor = page.endCursor
    }
  }
  async function* items(): AsyncGenerator<T> {
    for await (const page of pages()) yield* page.items
  }
  return { pages, first: () => ask(after), [Symbol.asyncIterator]: items }
}
