/** Releases of survey results as files: charts, tables and codebooks, at /releases/<id>/. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Actor } from '../../actor.ts'
import type { Database } from '../../database/connect.ts'
import { tableChart } from '../../domains/survey/releasing/charts/table-chart.ts'
import { themesChart } from '../../domains/survey/releasing/charts/themes-chart.ts'
import { type ReadRelease, readRelease } from '../../domains/survey/releasing/read-release.ts'
import { releaseCodebookOf } from '../../domains/survey/releasing/release-codebook.ts'
import { releaseCodebookXml } from '../../domains/survey/releasing/release-codebook-xml.ts'
import { releaseCsv } from '../../domains/survey/releasing/release-csv.ts'
import { parseGlobalId } from '../../graphql/global-id.ts'
import { allowMethods, readingMethods } from '../allow-methods.ts'
import type { Purse } from '../budgets.ts'
import { allowOrigin } from '../cors.ts'
import { refuse } from '../refuse.ts'

const releasesPath = '/releases'

interface Read extends ReadRelease {
  /** Place of the table, of a chart of one. */
  position: number
}

interface File {
  type: string
  /** The file; null where there is no such table. */
  write(read: Read): string | null
}

const json = 'application/json; charset=utf-8'
const svg = 'image/svg+xml; charset=utf-8'

/** Every file there is, by its name; {position} stands for the place of a table. */
const files: Record<string, File> = {
  'themes.svg': { type: svg, write: ({ release }) => themesChart(release) },
  'tables/{position}.svg': {
    type: svg,
    write: ({ release, position }) => {
      const table = release.tables.find((table) => table.position === position)
      return table === undefined ? null : tableChart(release, table)
    },
  },
  'results.json': { type: json, write: ({ release }) => `${JSON.stringify(release, null, 2)}\n` },
  'results.csv': { type: 'text/csv; charset=utf-8; header=present', write: ({ release }) => releaseCsv(release) },
  'codebook.json': { type: json, write: (read) => `${JSON.stringify(releaseCodebookOf(read), null, 2)}\n` },
  'codebook.xml': {
    type: 'application/xml; charset=utf-8',
    write: (read) => releaseCodebookXml(releaseCodebookOf(read), read.release.language),
  },
}

/** Where a path leads. */
export interface ReleaseRoute {
  releaseId: string
  file: File
  position: number
  /** The path without anything that a caller may choose, for the log. */
  pattern: string
}

/** Where a path of these files leads; undefined when it leads nowhere. */
export function readReleaseRoute(path: string): ReleaseRoute | undefined {
  const [, id, rest] = /^\/releases\/([a-z0-9_]{1,60})\/([a-z0-9/.]{1,40})$/.exec(path) ?? []
  if (id === undefined || rest === undefined) return undefined
  const position = Number(/^tables\/(\d{1,6})\.svg$/.exec(rest)?.[1] ?? 0)
  const name = rest.replace(/^tables\/\d{1,6}\.svg$/, 'tables/{position}.svg')
  const read = parseGlobalId(id)
  if (!Object.hasOwn(files, name) || read?.typename !== 'Release') return undefined
  return { releaseId: read.id, file: files[name]!, position, pattern: `${releasesPath}/{id}/${name}` }
}

const languages = /^[a-z]{2,3}(-[A-Z]{2})?$/
/** What one file costs, as fields of GraphQL do. */
const cost = 200

/** What every answer at these paths says of itself, also where the caller is not known or something fails. */
export function beginRelease(request: IncomingMessage, response: ServerResponse): void {
  allowOrigin(request, response, '*')
  // One address holds other things for who has a credential. What is kept of one caller is never handed to another.
  response.appendHeader('vary', 'Authorization')
  response.setHeader('cache-control', 'private, no-store')
}

/** Answers a request that {@link beginRelease} began, and whose path is a route of these files. What the caller may not read is not there. */
export async function answerRelease(
  { prisma }: Pick<Database, 'prisma'>,
  route: ReleaseRoute,
  actor: Actor,
  {
    request,
    response,
    requestId,
    budget,
  }: {
    request: IncomingMessage
    response: ServerResponse
    requestId: string
    budget: Purse | undefined
  },
): Promise<void> {
  if (!allowMethods(readingMethods, request, response, requestId)) return
  if (budget?.remaining === 0) {
    budget.refuse(response, requestId)
    return
  }
  budget?.spend(cost)
  budget?.tell(response)
  const given = new URLSearchParams(/\?.*/.exec(request.url!)?.[0])
  const unknown = [...given.keys()].filter((name) => name !== 'language' && name !== 'organization')
  const language = given.get('language')
  const asked = given.get('organization')
  const organization = asked === null ? null : parseGlobalId(asked)
  const wrong =
    unknown.length > 0 ||
    (language !== null && !languages.test(language)) ||
    (asked !== null && organization?.typename !== 'Organization')
  if (wrong) {
    const message =
      'The address takes language=it (BCP 47) and organization=organization_…, a global id, and nothing else.'
    refuse(response, 400, message, 'BAD_REQUEST', requestId)
    return
  }
  const { releaseId, file, position } = route
  const read = await readRelease(prisma, actor, { releaseId, organizationId: organization?.id ?? null, language })
  const text = read && file.write({ ...read, position })
  if (text === null) {
    refuse(response, 404, 'There is no such file that you may read.', 'NOT_FOUND', requestId)
    return
  }
  response.setHeader('content-type', file.type)
  // What was released never changes; the words around it may, with the software.
  if (actor.kind === 'anyone') response.setHeader('cache-control', 'public, max-age=3600')
  response.setHeader('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
  response.setHeader('content-length', Buffer.byteLength(text))
  response.end(request.method === 'HEAD' ? undefined : text)
}
