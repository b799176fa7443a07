/** The published JSON Schemas of HSDS, and a validator that knows them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { sharedData } from './shared-data.ts'

export interface HsdsSchema {
  name: string
  required?: string[]
  tabular_required?: string[]
  properties: Record<string, { type?: string; $ref?: string; items?: { $ref: string } }>
}

const { path: folder, isAbsent } = sharedData('hsds-3.1/schema')
export const schemasAreAbsent = isAbsent

/** The schemas by kind of record; none where they are absent. */
export const hsdsSchemas: Map<string, HsdsSchema> = new Map(
  (existsSync(folder) ? readdirSync(folder) : [])
    .filter((file) => file.endsWith('.json') && file !== 'openapi.json')
    .map((file) => [file.replace('.json', ''), JSON.parse(readFileSync(join(folder, file), 'utf8')) as HsdsSchema]),
)

export const openApi = isAbsent ? undefined : JSON.parse(readFileSync(join(folder, 'openapi.json'), 'utf8'))

/** Ajv, which checks the dialect that the schemas are written in, with the words that HSDS adds to it. */
export function makeValidator(): Ajv2020 {
  // A document refers to others by file name: the name is its address.
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, strictTypes: false })
  // CommonJS, whose default is the function.
  ;(addFormats as unknown as typeof addFormats.default)(ajv)
  ajv.addVocabulary([
    'name',
    'path',
    'datapackage_metadata',
    'tabular_required',
    'constraints',
    'core',
    'datapackage_type',
    'example',
  ])
  for (const [name, schema] of hsdsSchemas) ajv.addSchema({ ...schema, $id: `https://hsds.example/${name}.json` })
  return ajv
}

/** What is wrong with a value, one line a fault. */
export function faultsOf(validate: ValidateFunction, value: unknown): string[] {
  return validate(value) ? [] : validate.errors!.map(({ instancePath, message }) => `${instancePath} ${message}`)
}
