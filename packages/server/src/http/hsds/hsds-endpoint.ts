/**
 * The read API of HSDS 3.1, by its OpenAPI document. A network has its own address, /hsds/<network>; where the server
 * holds one network, the paths of the standard lead to it: /hsds/services.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Database } from '../../database/connect.ts'
import { TooManyRecords } from '../../domains/directory/hsds/build-documents.ts'
import {
  countRecords,
  findDocument,
  type ListingRequest,
  openListing,
  type RecordFilter,
  readAll,
  readPage,
} from '../../domains/directory/hsds/find-records.ts'
import type { HsdsRecord } from '../../domains/directory/hsds/read-records.ts'
import { findNetwork } from '../../domains/network/find-network.ts'
import { limits } from '../../graphql/limits.ts'
import { allowMethods, readingMethods } from '../allow-methods.ts'
import type { Purse } from '../budgets.ts'
import { allowOrigin } from '../cors.ts'
import { refuse } from '../refuse.ts'
import { type Collection, collections } from './collections.ts'
import { ParameterRefused, type Parameters, readParameters } from './parameters.ts'

export const hsdsPath = '/hsds'

/** Where a path leads. */
interface Route {
  network: string | undefined
  /** Nothing for the description of the API. */
  collection: Collection | undefined
  id: string | undefined
  /** The path without anything that a caller may choose, for the log. */
  pattern: string
}

/** Where a path of this API leads; undefined when it leads nowhere. */
export function readRoute(path: string): Route | undefined {
  if (path !== hsdsPath && !path.startsWith(`${hsdsPath}/`)) return undefined
  const steps = path.slice(hsdsPath.length + 1).split('/')
  if (steps.at(-1) === '') steps.pop()
  const isNamed = steps[0] !== undefined && !Object.hasOwn(collections, steps[0])
  const network = isNamed ? steps.shift() : undefined
  const [name, id, ...more] = steps
  const collection = name !== undefined && Object.hasOwn(collections, name) ? collections[name] : undefined
  if ((name !== undefined && collection === undefined) || id === '' || more.length > 0) return undefined
  const parts = [hsdsPath, isNamed && '{network}', name, id === undefined ? undefined : '{id}']
  return { network, collection, id, pattern: parts.filter(Boolean).join('/') }
}

/** Answers a request whose path is a route of this API. */
export async function answerHsds(
  { prisma }: Pick<Database, 'prisma'>,
  route: Route,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
  budget?: Purse,
): Promise<void> {
  const given = new URLSearchParams(/\?.*/.exec(request.url!)?.[0])
  const isList = route.collection !== undefined && route.id === undefined
  // Whoever may read the public directory may do it from any page.
  allowOrigin(request, response, '*')
  const methods = isList ? 'GET, HEAD, POST, OPTIONS' : readingMethods
  if (!allowMethods(methods, request, response, requestId)) return
  if (hasBody(request)) {
    response.setHeader('connection', 'close')
    refuse(response, 400, 'Parameters stand in the address. Send no body.', 'BAD_REQUEST', requestId)
    return
  }
  if (budget?.remaining === 0) {
    budget.refuse(response, requestId)
    return
  }
  budget?.spend(cost.request)
  budget?.tell(response)
  try {
    if (isList) await answerList(route.collection!)
    else if (route.collection !== undefined) await answerOne(route.collection, route.id!)
    else await answerDescription()
  } catch (error) {
    if (error instanceof ParameterRefused) refuse(response, 400, error.message, 'BAD_REQUEST', requestId)
    else if (error instanceof NothingThere) refuse(response, 404, error.message, 'NOT_FOUND', requestId)
    else if (error instanceof TooManyRecords && !response.headersSent) {
      const message =
        `The answer would hold more than ${limits.nestedRecords} records. ` +
        'Ask for fewer documents with per_page, or for the services of an organization with /services?organization_id='
      refuse(response, 400, message, 'TOO_LARGE', requestId)
    } else throw error
  }

  async function answerDescription(): Promise<void> {
    readParameters(given, [])
    if (route.network !== undefined) await networkId()
    sendJson(description)
  }

  async function answerOne(collection: Collection, id: string): Promise<void> {
    const parameters = readParameters(given, collection.ofOne)
    if (!uuid.test(id)) throw new ParameterRefused('The last step of the path is not an identifier. Give a UUID.')
    const { entity, full, fullService } = collection
    const form = (parameters.full_service && fullService) || full
    const request = { networkId: await networkId(), entity, form, atMost: limits.nestedRecords }
    const document = await findDocument(prisma, request, id)
    if (document === undefined) {
      throw new NothingThere(`There is no ${entity.replaceAll('_', ' ')} ${id}. Identifiers stand in the list.`)
    }
    budget?.spend(cost.whole)
    sendJson(document)
  }

  async function answerList(collection: Collection): Promise<void> {
    const parameters = readParameters(given, collection.parameters)
    const listing = await openListing(prisma, {
      networkId: await networkId(),
      entity: collection.entity,
      filter: filterOf(parameters),
      form: formOf(collection, parameters),
      names: parameters.minimal ? ['id', 'last_modified'] : undefined,
      atMost: limits.nestedRecords,
    })
    const rename = parameters.minimal ? minimalOf : (record: HsdsRecord) => record
    const costOfEach = parameters.full || parameters.full_service ? cost.whole : cost.listed
    const paid = (batches: Batches) => payFor(batches, (records) => budget?.spend(records * costOfEach))
    if (parameters.format === 'ndjson') {
      await send('application/x-ndjson; charset=utf-8', () => lines(paid(readAll(prisma, listing)), rename))
      return
    }
    const total = await countRecords(prisma, listing)
    // All in one page, as the standard asks of the minimal form.
    const isWhole = parameters.minimal && parameters.page === undefined && parameters.per_page === undefined
    const size = isWhole ? Math.max(total, 1) : (parameters.per_page ?? defaultSize)
    const number = parameters.page ?? 1
    const offset = (number - 1) * size
    const held = Math.max(0, Math.min(size, total - offset))
    const page = isWhole ? undefined : held === 0 ? [] : await readPage(prisma, listing, { offset, size })
    const envelope = {
      total_items: total,
      total_pages: Math.ceil(total / size),
      page_number: number,
      size: page?.length ?? held,
      first_page: number === 1,
      last_page: number >= Math.ceil(total / size),
      empty: (page?.length ?? held) === 0,
    }
    await send(json, () => pageText(envelope, paid(page === undefined ? readAll(prisma, listing) : [page]), rename))
  }

  async function networkId(): Promise<string> {
    const found = await findNetwork(prisma, route.network)
    if (typeof found === 'object') return found.id
    throw new NothingThere(
      found === 'several'
        ? `There are several networks here. Name one: ${hsdsPath}/<network>/…`
        : 'There is no such network here.',
    )
  }

  function sendJson(body: object): void {
    response.writeHead(200, { 'content-type': json }).end(JSON.stringify(body))
  }

  async function send(type: string, texts: () => AsyncIterable<string>): Promise<void> {
    response.writeHead(200, { 'content-type': type })
    if (request.method === 'HEAD') {
      response.end()
      return
    }
    // Whoever has read nothing for so long is gone.
    response.setTimeout(stalledMilliseconds, () => response.destroy())
    try {
      await pipeline(Readable.from(texts(), { objectMode: true, highWaterMark: 1 }), response)
    } catch (error) {
      // Whoever asked has gone; the log says that the answer was cut off.
      if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
    }
  }
}

class NothingThere extends Error {}

const json = 'application/json; charset=utf-8'
const defaultSize = 50
const stalledMilliseconds = 60_000
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const description = {
  version: '3.1',
  profile: 'https://docs.openreferral.org/en/3.1/',
  openapi_url: 'https://raw.githubusercontent.com/openreferral/specification/3.1/schema/openapi.json',
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

function filterOf(parameters: Parameters): RecordFilter {
  return {
    search: parameters.search,
    taxonomyTermId: parameters.taxonomy_term_id,
    taxonomyId: parameters.taxonomy_id,
    organizationId: parameters.organization_id,
    modifiedAfter: parameters.modified_after,
    parentId: parameters.parent_id,
    topOnly: parameters.top_only,
    postcode: parameters.postcode,
    proximity: parameters.proximity,
  }
}

function formOf({ listed, full, fullService }: Collection, parameters: Parameters): ListingRequest['form'] {
  if (parameters.full_service && fullService) return fullService
  return parameters.full ? full : listed
}

// The standard's names for the two values of its minimal form.
function minimalOf({ id, last_modified }: HsdsRecord): HsdsRecord {
  return { id, ...(last_modified !== undefined && { modified_date: last_modified }) }
}

/** What a request draws on the budget of its caller: for itself, and for each record, alone or with all that belongs to it. */
const cost = { request: 1, listed: 1, whole: 20 }

async function* payFor(batches: Batches, pay: (records: number) => void): AsyncGenerator<HsdsRecord[]> {
  for await (const batch of batches) {
    pay(batch.length)
    yield batch
  }
}

type Batches = AsyncIterable<HsdsRecord[]> | HsdsRecord[][]

async function* lines(batches: Batches, rename: (record: HsdsRecord) => HsdsRecord): AsyncGenerator<string> {
  for await (const batch of batches) yield* inChunks(batch, (record) => `${JSON.stringify(rename(record))}\n`)
}

async function* pageText(
  envelope: object,
  batches: Batches,
  rename: (record: HsdsRecord) => HsdsRecord,
): AsyncGenerator<string> {
  yield `${JSON.stringify(envelope).slice(0, -1)},"contents":[`
  let separator = ''
  for await (const batch of batches) {
    yield* inChunks(batch, (record) => {
      const text = separator + JSON.stringify(rename(record))
      separator = ','
      return text
    })
  }
  yield ']}'
}

/** Documents can be large, and many of them nest the same ones: never all of the text is held at once. */
function* inChunks(batch: HsdsRecord[], write: (record: HsdsRecord) => string): Generator<string> {
  let chunk = ''
  for (const record of batch) {
    chunk += write(record)
    if (chunk.length < 64_000) continue
    yield chunk
    chunk = ''
  }
  if (chunk !== '') yield chunk
}
