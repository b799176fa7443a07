/** Suggestions while somebody types, as the API shows them. */
import { z } from 'zod'
import { builder } from '../../../graphql/builder.ts'
import { encodeGlobalId } from '../../../graphql/global-id.ts'
import { limits } from '../../../graphql/limits.ts'
import { everyone } from '../../../graphql/permissions.ts'
import { TextLanguage } from '../../need/graphql.ts'
import { type Suggestion, type SuggestionKind, suggest } from '../search/suggest.ts'

const KindOfSuggestion = builder.enumType('SuggestionKind', {
  description: 'What a suggestion leads to.',
  values: {
    NEED_AREA: { value: 'needArea', description: 'A need area (area di bisogno): filter by its code.' },
    SERVICE: { value: 'service', description: 'A service: open it by its id.' },
    ORGANIZATION: { value: 'organization', description: 'An organization: filter by its id.' },
    MUNICIPALITY: { value: 'municipality', description: 'A municipality (comune): filter by its code.' },
  } satisfies Record<string, { value: SuggestionKind; description: string }>,
})

const typenames: Record<SuggestionKind, string> = {
  needArea: 'NeedArea',
  service: 'Service',
  organization: 'Organization',
  municipality: 'Municipality',
}

const SuggestionType = builder.objectRef<Suggestion>('Suggestion').implement({
  authScopes: everyone,
  description: 'Something whose name begins as what was typed.',
  fields: (t) => ({
    kind: t.expose('kind', { type: KindOfSuggestion, description: 'What it is.' }),
    text: t.exposeString('text', { description: 'Its name.' }),
    id: t.id({
      description: 'Its global id.',
      resolve: ({ kind, id }) => encodeGlobalId(typenames[kind], id),
    }),
    code: t.exposeString('code', {
      nullable: true,
      description: 'What a filter takes: the code of a need area, the ISTAT code of a municipality; otherwise null.',
    }),
  }),
})

builder.prismaObjectFields('Network', (t) => ({
  suggestions: t.field({
    type: [SuggestionType],
    description:
      'What somebody may mean who is still typing: names in which every word typed begins a word. Empty below two letters.',
    complexity: { field: 50, multiplier: 5 },
    select: { id: true },
    args: {
      text: t.arg.string({
        required: true,
        description: 'What has been typed so far.',
        validate: z.string().max(limits.words, `at most ${limits.words} characters`),
      }),
      size: t.arg.int({
        required: true,
        defaultValue: 8,
        description: `How many at most, 1 to ${limits.suggestions}.`,
        validate: z
          .number()
          .min(1, `from 1 to ${limits.suggestions}`)
          .max(limits.suggestions, `from 1 to ${limits.suggestions}`),
      }),
      language: t.arg({
        type: TextLanguage,
        required: true,
        defaultValue: 'it',
        description: 'Language of the names of need areas.',
      }),
    },
    resolve: ({ id }, { text, size, language }, { prisma }) => suggest(prisma, id, text, language, size),
  }),
}))
