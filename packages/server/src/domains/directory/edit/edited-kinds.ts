/** The kinds of records that people make and change, and what a record of each kind hangs on. */
import { anyLinks, type EntityName, entityNames, hsds, standAlone, trees } from '../hsds/model.ts'

/** Metadata is written with each change, and edited by nobody. */
export type EditedKind = Exclude<EntityName, 'metadata'>

export const editedKinds: readonly EditedKind[] = entityNames.filter((name) => name !== 'metadata')

/** Kinds that are drafted, and then published with all their parts. */
export const publishedKinds = ['organization', 'program', 'location', 'service'] as const

export type PublishedKind = (typeof publishedKinds)[number]

export function isPublishedAlone(entity: EntityName): entity is PublishedKind {
  return (publishedKinds as readonly EntityName[]).includes(entity)
}

/** Kinds that belong to the network as a whole: its vocabulary. */
export function isOfNetwork(entity: EntityName): boolean {
  return standAlone.has(entity) && !isPublishedAlone(entity)
}

/** Kinds of which a record names its network, since it need not refer to anything else. */
export function namesNetwork(entity: EntityName): boolean {
  return standAlone.has(entity) && !Object.values(hsds[entity].references).some(({ required }) => required)
}

/** Kinds that may have attributes. */
export const describedKinds: readonly EditedKind[] = editedKinds.filter((entity) => 'attributes' in hsds[entity].lists)

/** The columns of a row that are edited, in the words of HSDS; references are row keys. */
export type RowData = Record<string, string | number | boolean | null>

export interface ReferenceColumn {
  column: string
  /** Kind of record; of an attribute, the row tells it. */
  to: EditedKind | 'any'
  required: boolean
  /** Whether the record hangs on the other: who may write that one may write this one. */
  holds: boolean
}

/** The columns of a kind that hold row keys of other records. */
export function referencesOf(entity: EditedKind): ReferenceColumn[] {
  const references = Object.entries(hsds[entity].references).map(([column, { to, required }]) => ({
    column,
    to: to as EditedKind,
    required,
    holds: holds(entity, column, to),
  }))
  if (entity !== 'attribute') return references
  return [{ column: anyLinks.attribute.id, to: 'any', required: true, holds: true }, ...references]
}

// A service is given at a place that may be another's, and has a place in a vocabulary that is everybody's.
function holds(entity: EditedKind, column: string, to: EntityName): boolean {
  if (entity === 'service_at_location') return column === 'service_id'
  if (entity in trees && column === trees[entity as keyof typeof trees]) return false
  return to !== 'unit' && to !== 'taxonomy' && to !== 'taxonomy_term' && !(entity === 'service' && to === 'program')
}

export interface Tie extends ReferenceColumn {
  to: EditedKind
  /** Row key of the other record. */
  id: string
}

/** What a row refers to. An import may have attributes of what HSDS gives none: they hang on nothing. */
export function tiesOf(entity: EditedKind, data: RowData): Tie[] {
  return referencesOf(entity).flatMap((reference) => {
    const id = data[reference.column]
    const described = describedKinds.find((kind) => kind === data[anyLinks.attribute.entity])
    const to = reference.to === 'any' ? described : reference.to
    return typeof id === 'string' && to !== undefined ? [{ ...reference, to, id }] : []
  })
}

/** The name of a column in inputs; a reference is called by what it leads to. */
export function inputNameOf(entity: EditedKind, column: string): string {
  if (entity === 'attribute' && column === anyLinks.attribute.id) return 'record'
  const object = Object.entries(hsds[entity].objects).find(([, { by }]) => by === column)?.[0]
  const isReference = Object.hasOwn(hsds[entity].references, column)
  return camelCase(object ?? (isReference ? column.replace(/_id$/, '') : column))
}

export function camelCase(name: string): string {
  return name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

/** The name of a kind among the types of the API and the models of the database. */
export function typeNameOf(entity: EditedKind): string {
  return camelCase(`_${entity}`)
}
