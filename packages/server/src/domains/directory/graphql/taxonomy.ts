/** Taxonomies, and what may be said of records of any kind: attributes and changes. */
import type { Attribute, Metadata } from '../../../generated/prisma/client.ts'
import { builder } from '../../../graphql/builder.ts'
import { perRequest } from '../../../graphql/context.ts'
import { everyone } from '../../../graphql/permissions.ts'
import { directoryLoaders } from '../load-annotations.ts'

builder.prismaNode('Taxonomy', {
  authScopes: everyone,
  id: { field: 'id' },
  select: { id: true },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    recordVersion: t.exposeInt('recordVersion'),
    name: t.exposeString('name'),
    description: t.exposeString('description'),
    uri: t.exposeString('uri', { nullable: true }),
    version: t.exposeString('version', { nullable: true }),
  }),
})

export const TaxonomyTerm = builder.prismaNode('TaxonomyTerm', {
  authScopes: everyone,
  id: { field: 'id' },
  select: { id: true },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    recordVersion: t.exposeInt('recordVersion'),
    code: t.exposeString('code', { nullable: true }),
    name: t.exposeString('name'),
    description: t.exposeString('description'),
    taxonomy: t.exposeString('taxonomy', { nullable: true }),
    language: t.exposeString('language', { nullable: true }),
    termUri: t.exposeString('termUri', { nullable: true }),
    parent: t.relation('parent', { nullable: true, description: 'The broader term.' }),
    taxonomyDetail: t.relation('taxonomyDetail', { nullable: true, description: 'The taxonomy that holds the term.' }),
    needAreas: t.relation('needAreas', {
      description: 'Need areas that the term means.',
      query: { orderBy: { needAreaId: 'asc' } },
    }),
  }),
})

const AttributeType = builder.prismaNode('Attribute', {
  authScopes: everyone,
  id: { field: 'id' },
  select: { id: true },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    recordVersion: t.exposeInt('recordVersion'),
    linkEntity: t.exposeString('linkEntity', { nullable: true }),
    linkType: t.exposeString('linkType', { nullable: true }),
    value: t.exposeString('value', { nullable: true }),
    label: t.exposeString('label', { nullable: true }),
    taxonomyTerm: t.relation('taxonomyTerm', { nullable: true, description: 'The taxonomy term.' }),
  }),
})

const MetadataType = builder.prismaNode('Metadata', {
  authScopes: everyone,
  id: { field: 'id' },
  select: { id: true },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    recordVersion: t.exposeInt('recordVersion'),
    resourceType: t.exposeString('resourceType', { nullable: true }),
    lastActionDate: t.expose('lastActionDate', { type: 'Date' }),
    lastActionType: t.exposeString('lastActionType'),
    fieldName: t.exposeString('fieldName'),
    previousValue: t.exposeString('previousValue'),
    replacementValue: t.exposeString('replacementValue'),
    updatedBy: t.exposeString('updatedBy'),
  }),
})

builder.prismaNode('MetaTableDescription', {
  authScopes: everyone,
  id: { field: 'id' },
  select: { id: true },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    recordVersion: t.exposeInt('recordVersion'),
    name: t.exposeString('name', { nullable: true }),
    language: t.exposeString('language', { nullable: true }),
    characterSet: t.exposeString('characterSet', { nullable: true }),
  }),
})

// Attributes and metadata belong to records of any kind.
const annotations = perRequest(({ prisma }) => directoryLoaders(prisma))

const annotated = [
  'Organization',
  'Program',
  'Service',
  'ServiceAtLocation',
  'Location',
  'Phone',
  'Contact',
  'Address',
  'Schedule',
  'Funding',
  'ServiceArea',
  'RequiredDocument',
  'Language',
  'Accessibility',
  'CostOption',
  'OrganizationIdentifier',
  'Url',
  'Unit',
  'ServiceCapacity',
  'MetaTableDescription',
] as const

for (const name of annotated) {
  builder.prismaObjectFields(name, (t) => ({
    attributes: t.field({
      type: [AttributeType],
      description: 'Taxonomy terms and labelled values; those of link type source_cell are cells that an import kept.',
      resolve: ({ id }, _args, context): Promise<Attribute[]> => annotations(context).attributes.load(id),
    }),
  }))
}

for (const name of [...annotated, 'Taxonomy', 'TaxonomyTerm', 'Attribute'] as const) {
  builder.prismaObjectFields(name, (t) => ({
    metadata: t.field({
      type: [MetadataType],
      description: 'Changes of its fields, oldest first.',
      resolve: ({ id }, _args, context): Promise<Metadata[]> => annotations(context).metadata.load(id),
    }),
  }))
}
