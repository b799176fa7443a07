/** What a request asks: its GraphQL parameters, or a refusal that says what to send instead. */
import { GraphQLError } from 'graphql'
import type { GraphQLParams, Plugin } from 'graphql-yoga'
import { type ParseError, parse } from 'jsonc-parser'

/** Parameters come as JSON in the body of a POST or, URL-encoded, in the address of a GET; nothing else is read. */
export function readParameters(): Plugin {
  return {
    onRequestParse: ({ request, setRequestParser }) => {
      if (request.method === 'POST') setRequestParser(readBodyParameters)
      if (request.method === 'GET') setRequestParser(readAddressParameters)
    },
  }
}

async function readBodyParameters(request: Request): Promise<GraphQLParams> {
  const { type, charset } = readMediaType(request.headers.get('content-type'))
  if (type !== 'application/json' || charset !== 'utf-8') {
    throw refusal(415, 'UNSUPPORTED_MEDIA_TYPE', 'Send the body as content-type: application/json, in UTF-8.')
  }
  if ((request.headers.get('content-encoding') ?? 'identity') !== 'identity') {
    throw refusal(415, 'UNSUPPORTED_MEDIA_TYPE', 'Send the body without content-encoding; it must not be compressed.')
  }
  return withQuery(parseJson('The body', storable(await request.text())))
}

function readAddressParameters(request: Request): GraphQLParams {
  const given = new URL(request.url).searchParams
  given.forEach(storable)
  return withQuery({
    query: given.get('query') || undefined,
    operationName: given.get('operationName') || undefined,
    variables: parseJson('variables', given.get('variables') || 'null'),
    extensions: parseJson('extensions', given.get('extensions') || 'null'),
  } as GraphQLParams)
}

// Other shapes that are wrong are told apart by yoga.
function withQuery(parameters: GraphQLParams): GraphQLParams {
  const isObject = typeof parameters === 'object' && parameters !== null && !Array.isArray(parameters)
  if (!isObject || parameters.query != null) return parameters
  throw refusal(
    400,
    'BAD_REQUEST',
    'The query is missing. Send {"query": "{ … }"} as JSON, or ?query={ … } in the address.',
  )
}

// The engine's own message quotes what was sent; where it went wrong is enough to find it.
function parseJson(what: string, text: string): GraphQLParams {
  try {
    return JSON.parse(text) as GraphQLParams
  } catch {
    const errors: ParseError[] = []
    parse(text, errors, { disallowComments: true })
    throw refusal(400, 'BAD_REQUEST', `${what} is not valid JSON, from character ${(errors[0]?.offset ?? 0) + 1} on.`)
  }
}

/** Whether a text holds the character NUL, raw or as an escape of JSON or GraphQL: no text of PostgreSQL does. */
export function holdsNul(text: string): boolean {
  return /\0|\\u(0000|\{0+\})/.test(text)
}

function storable(text: string): string {
  if (!holdsNul(text)) return text
  throw refusal(400, 'BAD_REQUEST', 'A text has the character NUL (\\u0000). Leave it out.')
}

function readMediaType(header: string | null): { type: string; charset: string } {
  const [type = '', ...parameters] = (header ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim())
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length)
  return { type, charset: charset?.replaceAll('"', '') ?? 'utf-8' }
}

function refusal(status: number, code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status } } })
}
