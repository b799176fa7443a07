/** Describes the tables of an export as a Tabular Data Package (https://specs.frictionlessdata.io/tabular-data-package). */
import { type EntityName, type Field, hsds } from '../hsds/model.ts'
import { namesOf } from '../hsds/read-records.ts'

/** The text of datapackage.json for tables of these kinds, all in one folder. */
export async function* describePackage(kinds: readonly EntityName[]): AsyncGenerator<string> {
  const description = {
    name: 'human-services-data',
    title: 'Directory of services, in the Human Services Data Specification 3.1',
    profile: 'tabular-data-package',
    resources: kinds.map((entity) => describeTable(entity, kinds)),
  }
  yield `${JSON.stringify(description, null, 2)}\n`
}

function describeTable(entity: EntityName, kinds: readonly EntityName[]) {
  const { file, fields, references } = hsds[entity]
  return {
    name: entity.replaceAll('_', '-'),
    path: file,
    profile: 'tabular-data-resource',
    encoding: 'utf-8',
    dialect: { delimiter: ',', lineTerminator: '\r\n', doubleQuote: true },
    schema: {
      fields: namesOf(entity).map((name) => describeColumn(name, fields[name], references[name]?.required === true)),
      primaryKey: 'id',
      foreignKeys: Object.entries(references)
        .filter(([, { to }]) => kinds.includes(to))
        .map(([name, { to }]) => ({
          fields: name,
          // The empty name is the table itself.
          reference: { resource: to === entity ? '' : to.replaceAll('_', '-'), fields: 'id' },
        })),
    },
  }
}

function describeColumn(name: string, field: Field | undefined, isRequiredReference: boolean) {
  const required = name === 'id' || isRequiredReference || field?.required === true
  const constraints = {
    ...(required && { required }),
    ...(name === 'id' && { unique: true }),
    ...(field?.kind === 'code' && { enum: field.values }),
  }
  return {
    name,
    ...formOf(name, field),
    ...(Object.keys(constraints).length > 0 && { constraints }),
  }
}

function formOf(name: string, field: Field | undefined): { type: string; format?: string } {
  switch (field?.kind) {
    case undefined:
      return name === 'id' || name.endsWith('_id') ? { type: 'string', format: 'uuid' } : { type: 'string' }
    case 'number':
    case 'latitude':
    case 'longitude':
      return { type: 'number' }
    case 'integer':
      return { type: 'integer' }
    case 'date':
      return { type: 'date' }
    case 'instant':
      // With fractions of a second, which the default form has not.
      return { type: 'datetime', format: 'any' }
    case 'yes-no':
      return { type: 'boolean' }
    case 'uri':
    case 'email':
      return { type: 'string', format: field.kind }
    // Times of day are texts: with an offset they are none of the Data Package's.
    case 'time':
    case 'text':
    case 'code':
      return { type: 'string' }
  }
}
