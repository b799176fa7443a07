/** Every answer of every path, by the OpenAPI document and the JSON Schemas of HSDS, checked by Ajv. */
import type { ValidateFunction } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anyDirectory, tablesOf } from '../../testing/generate-directory.ts'
import { faultsOf, makeValidator, openApi, schemasAreAbsent } from '../../testing/hsds-schemas.ts'
import { importSource, makeNetwork } from '../../testing/import-source.ts'
import { startTestServer, type TestServer } from '../../testing/test-server.ts'
import { writeFolder } from '../../testing/write-files.ts'
import { collections } from './collections.ts'

const validators = schemasAreAbsent ? new Map<string, ValidateFunction>() : makeValidators()

/** Asks for the path and says what is wrong with the answer. */
async function faultsAt({ origin }: TestServer, path: string): Promise<string[]> {
  const pattern = path.replace(/\?.*/, '').replace(/[0-9a-f-]{36}/, '{id}')
  const response = await fetch(`${origin}/hsds${path}`)
  const answer = (await response.json()) as unknown
  if (response.status !== 200) return [JSON.stringify(answer)]
  return faultsOf(validators.get(pattern || '/')!, answer)
}

/** Paths that show every record in every form. */
async function pathsOf(server: TestServer): Promise<string[]> {
  const paths = ['/', '']
  for (const [name, { parameters, ofOne }] of Object.entries(collections)) {
    const forms = ['', '&full=true', '&full_service=true'].filter(
      (form) => parameters.some((one) => form.startsWith(`&${one}=`)) || !form,
    )
    paths.push(...forms.map((form) => `/${name}?per_page=100${form}`))
    const page = (await (await fetch(`${server.origin}/hsds/${name}?per_page=100`)).json()) as {
      contents: { id: string }[]
    }
    for (const { id } of page.contents.slice(0, 20)) {
      paths.push(`/${name}/${id}`, ...ofOne.map((parameter) => `/${name}/${id}?${parameter}=true`))
    }
  }
  return paths
}

describe.skipIf(schemasAreAbsent)('the HSDS API', () => {
  test('has the paths of the OpenAPI document, with their parameters', () => {
    const told = Object.entries(openApi.paths as Record<string, { get: { parameters?: object[] } }>).map(
      ([path, { get }]) => [path, (get.parameters ?? []).map((one) => nameOf(one)).sort()],
    )
    const ours = Object.entries(collections).flatMap(([name, { parameters, ofOne }]) => [
      [`/${name}`, [...parameters].sort()],
      [`/${name}/{id}`, [...ofOne].sort()],
    ])
    expect(Object.fromEntries([['/', []], ...ours])).toEqual(Object.fromEntries(told))
  })

  test('answers by the document on the demonstration network', async () => {
    const server = await startTestServer('demonstration')
    try {
      for (const path of await pathsOf(server)) expect(await faultsAt(server, path), path).toEqual([])
    } finally {
      await server.close()
    }
  })
})

describe.skipIf(schemasAreAbsent)('the HSDS API on generated directories', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer('empty')
  })
  afterAll(() => server.close())

  test('answers by the document', async () => {
    const property = fc.asyncProperty(anyDirectory(), async (directory) => {
      const { prisma } = server.database
      await prisma.network.deleteMany()
      const capacities = directory.service_capacity.filter((row) => row.unit_id !== undefined)
      const { folder, remove } = writeFolder(tablesOf({ ...directory, service_capacity: capacities }))
      await importSource(server.database, await makeNetwork(server.database), folder, { skipInvalid: true }).finally(
        remove,
      )
      for (const path of await pathsOf(server)) expect(await faultsAt(server, path), path).toEqual([])
    })
    await fc.assert(property, { numRuns: 6, interruptAfterTimeLimit: 100_000 })
  })
})

function nameOf(parameter: { $ref?: string; name?: string }): string {
  return parameter.name ?? parameter.$ref!.split('/').at(-1)!
}

/** The schema of each path's answer. */
function makeValidators(): Map<string, ValidateFunction> {
  const ajv = makeValidator()
  // The document refers to published copies of the schemas, compiled into one file each: whole or as they are listed.
  const copies = new Set(JSON.stringify(openApi).match(/https:[^"]*\/schema\/(compiled\/)?\w+\.json/g))
  for (const copy of copies) {
    const name = /(\w+?)(_list)?\.json$/.exec(copy)![1]
    ajv.addSchema({ $id: copy, $ref: `https://hsds.example/${name}.json` })
  }
  // What stands around the schemas in the document.
  ajv.addVocabulary(Object.keys(openApi))
  ajv.addSchema({ ...openApi, $id: 'https://hsds.example/openapi.json' })
  return new Map(
    Object.keys(openApi.paths).map((path) => {
      const pointer = `/paths/${path.replaceAll('/', '~1')}/get/responses/200/content/application~1json/schema`
      // It names the schema of services for a service at a location, against its own description.
      const $ref =
        path === '/service_at_locations/{id}'
          ? 'https://hsds.example/service_at_location.json'
          : `https://hsds.example/openapi.json#${encodeURI(pointer)}`
      return [path, ajv.compile({ $ref })]
    }),
  )
}
