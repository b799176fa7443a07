/** The collections of the HSDS API: what each lists, in which forms, and which parameters its paths take. */

import type { ListedEntity } from '../../domains/directory/hsds/find-records.ts'
import {
  type Form,
  fullOrganization,
  fullService,
  fullServiceAtLocation,
  listedOrganization,
  listedService,
  listedServiceAtLocation,
  organization,
  taxonomy,
} from '../../domains/directory/hsds/form.ts'
import type { ParameterName } from './parameters.ts'

export interface Collection {
  entity: ListedEntity
  /** The form of a document in a list. */
  listed: Form
  /** Its form with `full`. */
  full: Form
  /** Its form with `full_service`, where there is one. */
  fullService?: Form
  /** Parameters of the list. */
  parameters: readonly ParameterName[]
  /** Parameters of a single document. */
  ofOne: readonly ParameterName[]
}

const everywhere = ['search', 'page', 'per_page', 'format'] as const

export const collections: Record<string, Collection> = {
  services: {
    entity: 'service',
    listed: listedService,
    full: fullService,
    parameters: [
      ...everywhere,
      'taxonomy_term_id',
      'taxonomy_id',
      'organization_id',
      'modified_after',
      'minimal',
      'full',
    ],
    ofOne: [],
  },
  organizations: {
    entity: 'organization',
    listed: listedOrganization,
    full: organization,
    fullService: fullOrganization,
    parameters: [...everywhere, 'full_service', 'full', 'taxonomy_term_id', 'taxonomy_id'],
    ofOne: ['full_service'],
  },
  taxonomies: { entity: 'taxonomy', listed: taxonomy, full: taxonomy, parameters: everywhere, ofOne: [] },
  taxonomy_terms: {
    entity: 'taxonomy_term',
    listed: taxonomy,
    full: taxonomy,
    parameters: [...everywhere, 'taxonomy_id', 'top_only', 'parent_id'],
    ofOne: [],
  },
  service_at_locations: {
    entity: 'service_at_location',
    listed: listedServiceAtLocation,
    full: fullServiceAtLocation,
    parameters: [
      ...everywhere,
      'taxonomy_term_id',
      'taxonomy_id',
      'organization_id',
      'modified_after',
      'full',
      'postcode',
      'proximity',
    ],
    ofOne: [],
  },
}
