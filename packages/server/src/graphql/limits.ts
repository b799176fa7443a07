/** What one request may ask for. Every bound of the API stands here. */

export const limits = {
  /** Most items on a page of a connection. */
  pageSize: 100,
  /** Levels of nested fields. */
  depth: 12,
  /** Fields in the whole document, aliases counted one by one. */
  breadth: 400,
  /** Sum of the costs of all fields; a field costs 1, times the page sizes above it, and times 5 for each list. */
  complexity: 20_000,
  /** Words and signs of a document. */
  tokens: 4_000,
  /** Bytes of a request's body. */
  bodyBytes: 100_000,
  /** Ids in one `nodes` query. */
  nodes: 100,
  /** Records in one answer of the HSDS API, nested ones included. */
  nestedRecords: 50_000,
  /** Characters of the words searched for. */
  words: 200,
  /** Values of one kind in a filter, such as need areas. */
  filterValues: 50,
  /** Kilometres around a point. */
  kilometres: 500,
  /** Milliseconds that one SQL statement of the server may take. */
  statementMilliseconds: 20_000,
  /** Milliseconds in which a directory may be looked through for what weakens it. */
  lookMilliseconds: 10_000,
  /** Different moments that openings are asked for in a request. */
  moments: 50,
  /** Suggestions at a time. */
  suggestions: 20,
} as const
