/**
 * The Human Services Data Specification 3.1 as one table: every object, its fields, what they refer to and what nests
 * in what. Import, export and the checks are driven by it, and a test compares it with the published JSON Schemas.
 * Source: Open Referral, https://docs.openreferral.org/en/3.1/hsds/schema_reference.html
 */

/** What a field holds: text of a form, a number, or one of a list of words. */
export type FieldType =
  | {
      kind:
        | 'text'
        | 'uri'
        | 'email'
        | 'number'
        | 'latitude'
        | 'longitude'
        | 'integer'
        | 'date'
        | 'instant'
        | 'time'
        | 'yes-no'
    }
  | { kind: 'code'; values: readonly string[] }

export type Field = FieldType & {
  /** The record can't stand without it. */
  required: boolean
}

/** A field that holds the identifier of another record. */
export interface Reference {
  to: EntityName
  /** The record can't stand without it. */
  required: boolean
}

/** A list or object in the JSON form that holds whole records, and the field that ties them in the tabular form. */
export interface Nesting {
  entity: EntityName
  /** The referring field: of the nested record for a list, of the holder for an object. */
  by: string
}

export interface Entity {
  /** The file of the tabular form. */
  file: string
  fields: Record<string, Field>
  references: Record<string, Reference>
  lists: Record<string, Nesting>
  objects: Record<string, Nesting>
}

const text = { kind: 'text', required: false } as const
const uri = { kind: 'uri', required: false } as const
const email = { kind: 'email', required: false } as const
const number = { kind: 'number', required: false } as const
const integer = { kind: 'integer', required: false } as const
const date = { kind: 'date', required: false } as const
const instant = { kind: 'instant', required: false } as const
const time = { kind: 'time', required: false } as const
const yesNo = { kind: 'yes-no', required: false } as const
const code = (...values: string[]): Field => ({ kind: 'code', values, required: false })
const needed = (field: Field): Field => ({ ...field, required: true })

const place = code('physical', 'postal', 'virtual')
const to = (entity: EntityName): Reference => ({ to: entity, required: false })
const mustRefer = (entity: EntityName): Reference => ({ to: entity, required: true })
const nested = (entity: EntityName, by: string): Nesting => ({ entity, by })
const attributes = nested('attribute', 'link_id')
const metadata = nested('metadata', 'resource_id')

export const entityNames = [
  'taxonomy',
  'taxonomy_term',
  'unit',
  'meta_table_description',
  'organization',
  'program',
  'location',
  'service',
  'service_at_location',
  'contact',
  'phone',
  'organization_identifier',
  'url',
  'address',
  'accessibility',
  'schedule',
  'holiday_schedule',
  'language',
  'funding',
  'service_area',
  'required_document',
  'cost_option',
  'service_capacity',
  'attribute',
  'metadata',
] as const

/** The objects of HSDS 3.1 (and `holiday_schedule` of HSDS 1.x), each after those that it refers to. */
export type EntityName = (typeof entityNames)[number]

export const hsds: Record<EntityName, Entity> = {
  organization: {
    file: 'organizations.csv',
    fields: {
      name: needed(text),
      alternate_name: text,
      description: needed(text),
      email,
      website: uri,
      tax_status: text,
      tax_id: text,
      year_incorporated: integer,
      legal_status: text,
      logo: text,
      uri,
    },
    references: { parent_organization_id: to('organization') },
    lists: {
      additional_websites: nested('url', 'organization_id'),
      funding: nested('funding', 'organization_id'),
      contacts: nested('contact', 'organization_id'),
      phones: nested('phone', 'organization_id'),
      locations: nested('location', 'organization_id'),
      programs: nested('program', 'organization_id'),
      services: nested('service', 'organization_id'),
      organization_identifiers: nested('organization_identifier', 'organization_id'),
      attributes,
      metadata,
    },
    objects: {},
  },
  program: {
    file: 'programs.csv',
    fields: { name: needed(text), alternate_name: text, description: needed(text) },
    references: { organization_id: mustRefer('organization') },
    lists: { attributes, metadata },
    objects: {},
  },
  service: {
    file: 'services.csv',
    fields: {
      name: needed(text),
      alternate_name: text,
      description: text,
      url: uri,
      email,
      status: needed(code('active', 'inactive', 'defunct', 'temporarily closed')),
      interpretation_services: text,
      application_process: text,
      fees_description: text,
      wait_time: text,
      fees: text,
      accreditations: text,
      eligibility_description: text,
      minimum_age: number,
      maximum_age: number,
      assured_date: date,
      assurer_email: email,
      licenses: text,
      alert: text,
      last_modified: instant,
    },
    references: { organization_id: mustRefer('organization'), program_id: to('program') },
    lists: {
      additional_urls: nested('url', 'service_id'),
      phones: nested('phone', 'service_id'),
      schedules: nested('schedule', 'service_id'),
      service_areas: nested('service_area', 'service_id'),
      service_at_locations: nested('service_at_location', 'service_id'),
      languages: nested('language', 'service_id'),
      funding: nested('funding', 'service_id'),
      cost_options: nested('cost_option', 'service_id'),
      required_documents: nested('required_document', 'service_id'),
      contacts: nested('contact', 'service_id'),
      capacities: nested('service_capacity', 'service_id'),
      attributes,
      metadata,
    },
    objects: {
      organization: nested('organization', 'organization_id'),
      program: nested('program', 'program_id'),
    },
  },
  service_at_location: {
    file: 'service_at_location.csv',
    fields: { description: text },
    references: { service_id: mustRefer('service'), location_id: mustRefer('location') },
    lists: {
      service_areas: nested('service_area', 'service_at_location_id'),
      contacts: nested('contact', 'service_at_location_id'),
      phones: nested('phone', 'service_at_location_id'),
      schedules: nested('schedule', 'service_at_location_id'),
      attributes,
      metadata,
    },
    objects: { service: nested('service', 'service_id'), location: nested('location', 'location_id') },
  },
  location: {
    file: 'locations.csv',
    fields: {
      location_type: needed(place),
      url: uri,
      name: text,
      alternate_name: text,
      description: text,
      transportation: text,
      latitude: { kind: 'latitude', required: false },
      longitude: { kind: 'longitude', required: false },
      external_identifier: text,
      external_identifier_type: text,
    },
    references: { organization_id: to('organization') },
    lists: {
      languages: nested('language', 'location_id'),
      addresses: nested('address', 'location_id'),
      contacts: nested('contact', 'location_id'),
      accessibility: nested('accessibility', 'location_id'),
      phones: nested('phone', 'location_id'),
      schedules: nested('schedule', 'location_id'),
      attributes,
      metadata,
    },
    objects: {},
  },
  phone: {
    file: 'phones.csv',
    fields: { number: needed(text), extension: number, type: text, description: text },
    references: {
      location_id: to('location'),
      service_id: to('service'),
      organization_id: to('organization'),
      contact_id: to('contact'),
      service_at_location_id: to('service_at_location'),
    },
    lists: { languages: nested('language', 'phone_id'), attributes, metadata },
    objects: {},
  },
  contact: {
    file: 'contacts.csv',
    fields: { name: text, title: text, department: text, email },
    references: {
      organization_id: to('organization'),
      service_id: to('service'),
      service_at_location_id: to('service_at_location'),
      location_id: to('location'),
    },
    lists: { phones: nested('phone', 'contact_id'), attributes, metadata },
    objects: {},
  },
  address: {
    file: 'addresses.csv',
    fields: {
      attention: text,
      address_1: needed(text),
      address_2: text,
      city: needed(text),
      region: text,
      state_province: needed(text),
      postal_code: needed(text),
      country: needed(text),
      address_type: needed(place),
    },
    references: { location_id: to('location') },
    lists: { attributes, metadata },
    objects: {},
  },
  schedule: {
    file: 'schedules.csv',
    fields: {
      valid_from: date,
      valid_to: date,
      dtstart: date,
      timezone: number,
      until: date,
      count: integer,
      wkst: code('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'),
      freq: code('WEEKLY', 'MONTHLY'),
      interval: integer,
      byday: text,
      byweekno: text,
      bymonthday: text,
      byyearday: text,
      description: text,
      opens_at: time,
      closes_at: time,
      schedule_link: uri,
      attending_type: text,
      notes: text,
    },
    references: {
      service_id: to('service'),
      location_id: to('location'),
      service_at_location_id: to('service_at_location'),
    },
    lists: { attributes, metadata },
    objects: {},
  },
  holiday_schedule: {
    file: 'holiday_schedules.csv',
    fields: {
      start_date: needed(date),
      end_date: needed(date),
      yearly: needed(yesNo),
      closed: needed(yesNo),
      opens_at: time,
      closes_at: time,
    },
    references: { service_id: to('service'), location_id: to('location') },
    lists: {},
    objects: {},
  },
  funding: {
    file: 'funding.csv',
    fields: { source: text },
    references: { organization_id: to('organization'), service_id: to('service') },
    lists: { attributes, metadata },
    objects: {},
  },
  service_area: {
    file: 'service_areas.csv',
    fields: { name: text, description: text, extent: text, extent_type: text, uri: text },
    references: { service_id: to('service'), service_at_location_id: to('service_at_location') },
    lists: { attributes, metadata },
    objects: {},
  },
  required_document: {
    file: 'required_documents.csv',
    fields: { document: text, uri },
    references: { service_id: to('service') },
    lists: { attributes, metadata },
    objects: {},
  },
  language: {
    file: 'languages.csv',
    fields: { name: text, code: text, note: text },
    references: { service_id: to('service'), location_id: to('location'), phone_id: to('phone') },
    lists: { attributes, metadata },
    objects: {},
  },
  accessibility: {
    file: 'accessibility.csv',
    fields: { description: text, details: text, url: uri },
    references: { location_id: to('location') },
    lists: { attributes, metadata },
    objects: {},
  },
  cost_option: {
    file: 'cost_options.csv',
    fields: {
      valid_from: date,
      valid_to: date,
      option: text,
      currency: text,
      amount: number,
      amount_description: text,
    },
    references: { service_id: mustRefer('service') },
    lists: { attributes, metadata },
    objects: {},
  },
  organization_identifier: {
    file: 'organization_identifiers.csv',
    fields: { identifier_scheme: text, identifier_type: needed(text), identifier: needed(text) },
    references: { organization_id: mustRefer('organization') },
    lists: { attributes, metadata },
    objects: {},
  },
  url: {
    file: 'url.csv',
    fields: { label: text, url: needed(uri) },
    references: { organization_id: to('organization'), service_id: to('service') },
    lists: { attributes, metadata },
    objects: {},
  },
  unit: {
    file: 'units.csv',
    fields: { name: needed(text), scheme: text, identifier: text, uri },
    references: {},
    lists: { attributes, metadata },
    objects: {},
  },
  service_capacity: {
    file: 'service_capacity.csv',
    fields: { available: needed(number), maximum: number, description: text, updated: needed(instant) },
    references: { service_id: to('service'), unit_id: to('unit') },
    lists: { attributes, metadata },
    objects: { unit: nested('unit', 'unit_id') },
  },
  taxonomy: {
    file: 'taxonomies.csv',
    fields: { name: needed(text), description: needed(text), uri, version: text },
    references: {},
    lists: { metadata },
    objects: {},
  },
  taxonomy_term: {
    file: 'taxonomy_terms.csv',
    fields: {
      code: text,
      name: needed(text),
      description: needed(text),
      taxonomy: text,
      language: text,
      term_uri: uri,
    },
    references: { parent_id: to('taxonomy_term'), taxonomy_id: to('taxonomy') },
    lists: { metadata },
    objects: { taxonomy_detail: nested('taxonomy', 'taxonomy_id') },
  },
  attribute: {
    file: 'attributes.csv',
    fields: { link_type: text, value: text, label: text },
    references: { taxonomy_term_id: to('taxonomy_term') },
    lists: { metadata },
    objects: { taxonomy_term: nested('taxonomy_term', 'taxonomy_term_id') },
  },
  metadata: {
    file: 'metadata.csv',
    fields: {
      last_action_date: needed(date),
      last_action_type: needed(text),
      field_name: needed(text),
      previous_value: needed(text),
      replacement_value: needed(text),
      updated_by: needed(text),
    },
    references: {},
    lists: {},
    objects: {},
  },
  meta_table_description: {
    file: 'meta_table_descriptions.csv',
    fields: { name: text, language: text, character_set: text },
    references: {},
    lists: { attributes, metadata },
    objects: {},
  },
}

/** Kinds of records that stand by themselves; records of the other kinds are parts of those that they refer to. */
export const standAlone: ReadonlySet<EntityName> = new Set([
  'organization',
  'program',
  'location',
  'service',
  'unit',
  'taxonomy',
  'taxonomy_term',
  'meta_table_description',
])

/** Attributes and metadata describe records of any kind: one field names the record, one its kind. */
export const anyLinks = {
  attribute: { id: 'link_id', entity: 'link_entity' },
  metadata: { id: 'resource_id', entity: 'resource_type' },
} as const

/** Fields that refer to a record of the same kind and so must not form a circle. */
export const trees = { organization: 'parent_organization_id', taxonomy_term: 'parent_id' } as const

export function isEntityName(name: string): name is EntityName {
  return Object.hasOwn(hsds, name)
}
