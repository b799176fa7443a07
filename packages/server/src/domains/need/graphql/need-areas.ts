/** Need areas, as the API shows them. */
import { z } from 'zod'
import { NeedAreaOrigin } from '../../../generated/prisma/client.ts'
import { builder } from '../../../graphql/builder.ts'
import { connectionOf } from '../../../graphql/connection.ts'
import { limits } from '../../../graphql/limits.ts'
import { everyone } from '../../../graphql/permissions.ts'
import { selectionOf } from '../../../graphql/planned-selection.ts'

export const TextLanguage = builder.enumType('TextLanguage', {
  description: 'Language of a text that exists in several.',
  values: {
    IT: { value: 'it', description: 'Italian (italiano).' },
    EN: { value: 'en', description: 'English (inglese).' },
  } as const,
})

const Origin = builder.enumType('NeedAreaOrigin', {
  description: 'How a service came to answer a need area.',
  values: {
    STATED: { value: NeedAreaOrigin.stated, description: 'Its organization said so.' },
    TERM: { value: NeedAreaOrigin.term, description: 'It carries a taxonomy term that means the area.' },
  },
})

export const NeedArea = builder.prismaNode('NeedArea', {
  authScopes: everyone,
  id: { field: 'id' },
  select: { id: true },
  nullable: true,
  fields: (t) => ({
    code: t.exposeString('code'),
    name: t.string({
      description: 'Name.',
      args: {
        language: t.arg({
          type: TextLanguage,
          defaultValue: 'it',
          required: true,
          description: 'Language of the name.',
        }),
      },
      select: { nameIt: true, nameEn: true },
      resolve: (area, { language }) => (language === 'en' ? area.nameEn : area.nameIt),
    }),
    description: t.string({
      description: 'What belongs to the area.',
      nullable: true,
      args: {
        language: t.arg({
          type: TextLanguage,
          defaultValue: 'it',
          required: true,
          description: 'Language of the text.',
        }),
      },
      select: { descriptionIt: true, descriptionEn: true },
      resolve: (area, { language }) => (language === 'en' ? area.descriptionEn : area.descriptionIt),
    }),
    position: t.exposeInt('position'),
    parent: t.relation('parent', { nullable: true, description: 'The broader area; null for a group at the top.' }),
    children: t.relation('children', {
      description: 'The narrower areas, in order.',
      query: { orderBy: [{ position: 'asc' }, { id: 'asc' }] },
    }),
    terms: t.relation('terms', {
      description: 'Taxonomy terms that mean this area.',
      query: { orderBy: [{ taxonomyTermId: 'asc' }] },
    }),
  }),
})

builder.prismaObject('NeedAreaTerm', {
  authScopes: everyone,
  select: { needAreaId: true, taxonomyTermId: true },
  fields: (t) => ({
    needArea: t.relation('needArea', { description: 'The need area.' }),
    taxonomyTerm: t.relation('taxonomyTerm', { description: 'The taxonomy term.' }),
  }),
})

builder.prismaObject('ServiceNeedArea', {
  authScopes: everyone,
  select: { serviceId: true, needAreaId: true },
  fields: (t) => ({
    needArea: t.relation('needArea', { description: 'The need area.' }),
    service: t.relation('service', { description: 'The service.' }),
    origin: t.field({
      type: Origin,
      select: { origin: true },
      resolve: (link) => link.origin,
      description: 'How the link came to be.',
    }),
  }),
})

builder.prismaObjectField('Network', 'needAreas', (t) =>
  t.relatedConnection(
    'needAreas',
    {
      description: 'Need areas (aree di bisogno): groups and the areas below them, in the order of the tree.',
      cursor: 'id',
      totalCount: true,
      args: { top: t.arg.boolean({ description: 'True for the groups at the top alone, false for all others.' }) },
      query: ({ top }) => ({
        where: top == null ? {} : top ? { parentId: null } : { NOT: { parentId: null } },
        orderBy: [{ position: 'asc' as const }, { id: 'asc' as const }],
      }),
    },
    connectionOf(NeedArea, 'NeedArea', 'need areas'),
  ),
)

builder.queryField('needArea', (t) =>
  t.field({
    authScopes: everyone,
    type: NeedArea,
    nullable: true,
    description: 'The need area with a code in a network; null when there is none.',
    args: {
      network: t.arg.string({
        required: true,
        description: 'Short name of the network, such as alba-bra.',
        validate: z.string().max(limits.words),
      }),
      code: t.arg.string({
        required: true,
        description: 'Code of the need area, such as elderly-care.',
        validate: z.string().max(limits.words),
      }),
    },
    resolve: (_parent, { network, code }, context, info) =>
      context.prisma.needArea.findFirst({ ...selectionOf(context, info), where: { code, network: { slug: network } } }),
  }),
)
