/** What is nested in what when records are written as documents. */
import { type EntityName, entityNames, hsds, standAlone } from './model.ts'

/** The lists and objects that a record of a kind nests; kinds that it doesn't name nest nothing. */
export type Form = Partial<Record<EntityName, Nested>>

export interface Nested {
  lists: readonly string[]
  objects: readonly string[]
  /** The only values that are written, when not all are. */
  only?: readonly string[]
}

/**
 * The form of an export: parts stand in what they belong to, and each record that stands by itself in one document of
 * its own, however many others refer to it. (HSDS requires the unit in a capacity.)
 */
export const exportForm: Form = nesting(
  (entity, key, nested) => !standAlone.has(nested) || (entity === 'organization' && key === 'programs'),
  (_, key) => key === 'unit',
)

const vocabulary = ['unit', 'taxonomy_term', 'taxonomy_detail']

/** The full form of a service: everything around it, down to the taxonomies of its terms. */
export const fullService: Form = nesting(
  (entity, key, nested) =>
    !standAlone.has(nested) || (entity === 'organization' && (key === 'programs' || key === 'locations')),
  (entity, key) =>
    vocabulary.includes(key) || entity === 'service' || (entity === 'service_at_location' && key === 'location'),
)

/** The full form of a service at a location: the same, seen from there. */
export const fullServiceAtLocation: Form = {
  ...fullService,
  service: without(fullService.service!, 'service_at_locations'),
  service_at_location: { ...fullService.service_at_location!, objects: ['service', 'location'] },
}

/** The full form of an organization, with its services in full. */
export const fullOrganization: Form = {
  ...fullService,
  organization: {
    ...fullService.organization!,
    lists: [...fullService.organization!.lists, 'services'],
  },
  service: without(fullService.service!, 'organization'),
}

/** The same with only what HSDS requires of a service. */
export const organization: Form = {
  ...fullOrganization,
  service: { lists: [], objects: [], only: ['id', 'name', 'status'] },
}

/** The form of a listing: what there is one of. */
export const listedService: Form = { service: { lists: [], objects: ['organization', 'program'] } }
export const listedServiceAtLocation: Form = {
  ...listedService,
  service_at_location: { lists: [], objects: ['service', 'location'] },
}
export const listedOrganization: Form = {}
export const taxonomy: Form = { taxonomy: fullService.taxonomy!, taxonomy_term: fullService.taxonomy_term! }

/** A kind that is nested in another, by which list or object, and the column that ties the two. */
export interface Tie {
  holder: EntityName
  key: string
  part: EntityName
  by: string
  as: 'list' | 'object'
}

export function tiesOf(form: Form): Tie[] {
  return entityNames.flatMap((holder) => {
    const { lists = [], objects = [] } = form[holder] ?? {}
    return [
      ...lists.map((key) => ({ holder, key, as: 'list' as const, ...partOf(hsds[holder].lists[key]!) })),
      ...objects.map((key) => ({ holder, key, as: 'object' as const, ...partOf(hsds[holder].objects[key]!) })),
    ]
  })
}

function partOf({ entity, by }: { entity: EntityName; by: string }): { part: EntityName; by: string } {
  return { part: entity, by }
}

/** The same form without the lists and objects of which a directory has none. */
export function among(form: Form, isPresent: (holder: EntityName, part: EntityName) => boolean): Form {
  return Object.fromEntries(
    (Object.entries(form) as [EntityName, Nested][]).map(([entity, nested]) => [
      entity,
      {
        ...nested,
        lists: nested.lists.filter((key) => isPresent(entity, hsds[entity].lists[key]!.entity)),
        objects: nested.objects.filter((key) => isPresent(entity, hsds[entity].objects[key]!.entity)),
      },
    ]),
  )
}

function nesting(
  hasList: (entity: EntityName, key: string, nested: EntityName) => boolean,
  hasObject: (entity: EntityName, key: string, nested: EntityName) => boolean,
): Form {
  return Object.fromEntries(
    entityNames.map((entity) => {
      const { lists, objects } = hsds[entity]
      const chosen = (nestings: typeof lists, has: typeof hasList) =>
        Object.keys(nestings).filter((key) => has(entity, key, nestings[key]!.entity))
      return [entity, { lists: chosen(lists, hasList), objects: chosen(objects, hasObject) }]
    }),
  )
}

function without(nested: Nested, key: string): Nested {
  return {
    lists: nested.lists.filter((name) => name !== key),
    objects: nested.objects.filter((name) => name !== key),
  }
}
