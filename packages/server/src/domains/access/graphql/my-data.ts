/** What a person may ask of what is kept of them: to have it, and to be forgotten. */
import type { Person } from '../../../actor.ts'
import { builder } from '../../../graphql/builder.ts'
import { refusing } from '../../../graphql/problems.ts'
import { erasePerson } from '../erase-person.ts'
import { type ExportedTable, exportPerson } from '../export-person.ts'

const MyRecords = builder.objectRef<ExportedTable>('MyRecords').implement({
  authScopes: { kind: 'person' },
  description: 'What one table of the database holds of the person who asks.',
  fields: (t) => ({
    table: t.exposeString('table', { description: 'Name of the table.' }),
    holds: t.exposeString('holds', { description: 'What its rows are.' }),
    rows: t.field({
      type: ['JSONObject'],
      description: 'Every row of the person, with all its columns by name; none where nothing is kept.',
      resolve: ({ rows }) => rows,
    }),
  }),
})

const MyData = builder.objectRef<ExportedTable[]>('MyData').implement({
  authScopes: { kind: 'person' },
  description: 'Everything that is kept of the person who asks, in a form for programs (GDPR, articles 15 and 20).',
  fields: (t) => ({
    records: t.field({
      type: [MyRecords],
      description: 'Every table that can hold something of a person.',
      resolve: (tables) => tables,
    }),
  }),
})

const Forgotten = builder.objectRef<Record<string, never>>('Forgotten').implement({
  authScopes: { kind: 'person' },
  description: 'The person who asked is forgotten.',
  fields: (t) => ({
    isForgotten: t.boolean({
      description: 'True: nothing is kept of the person any more. It was erased now, or before.',
      resolve: () => true,
    }),
  }),
})

builder.mutationFields((t) => ({
  exportMyData: t.field({
    authScopes: { kind: 'person' },
    type: MyData,
    description:
      'Everything that is kept of the person who asks. That somebody asked is recorded, not who; and no cache between keeps ' +
      'the answer: so it is a mutation.',
    errors: refusing('ExportMyData', 'What is kept, or why there is nothing.'),
    resolve: (_parent, _args, { prisma, actor }) => exportPerson(prisma, actor as Person),
  }),
  eraseMe: t.field({
    authScopes: { kind: 'person' },
    type: Forgotten,
    description:
      'Erases everything that is kept of the person who asks, at once and for good (GDPR, article 17). The session is enough; ' +
      'ask people whether they mean it before you send this. The session finds ' +
      'nothing more and keeps nothing more; the same person key begins anew, as somebody else. Repeating it changes nothing.',
    errors: refusing('EraseMe', 'That the person is forgotten.'),
    resolve: async (_parent, _args, { prisma, actor }) => {
      await erasePerson(prisma, actor as Person)
      return {}
    },
  }),
}))
