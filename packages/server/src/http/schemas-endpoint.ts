/** The published JSON Schemas, at /schemas/<name>: what editors and other programs check questionnaires and mappings with. */
import { readdirSync, readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { allowMethods, readingMethods } from './allow-methods.ts'
import { allowOrigin } from './cors.ts'

const folder = join(import.meta.dirname, '../../schemas')

/** Each schema as its file has it, by its path. */
const schemas: ReadonlyMap<string, Buffer> = new Map(
  readdirSync(folder)
    .filter((name) => name.endsWith('.schema.json'))
    .map((name) => [`/schemas/${name}`, readFileSync(join(folder, name))]),
)

/** Where there is a schema. */
export const schemaPaths: readonly string[] = [...schemas.keys()]

/** Answers a request to one of {@link schemaPaths}: any page may read them, and anyone keep them for an hour. */
export function answerSchema(
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
): void {
  allowOrigin(request, response, '*')
  if (!allowMethods(readingMethods, request, response, requestId)) return
  const schema = schemas.get(path)!
  response.setHeader('content-type', 'application/schema+json')
  response.setHeader('cache-control', 'public, max-age=3600')
  response.setHeader('content-length', schema.length)
  response.end(request.method === 'HEAD' ? undefined : schema)
}
