/** What a mutation answers where it refuses: every error of the API's payloads is an `Error`. */
import { Refused } from '../refused.ts'
import { builder } from './builder.ts'
import { everyone } from './permissions.ts'

const Problem = builder.interfaceRef<Refused>('Error').implement({
  authScopes: everyone,
  description: 'Why something was not done.',
  fields: (t) => ({
    message: t.exposeString('message', { description: 'What is wrong, where, and what to do; for a person to read.' }),
    code: t.exposeString('code', { description: 'What is wrong, for a program: capitals and underscores.' }),
    path: t.field({
      type: ['String'],
      description: 'The way through the input to what is wrong; empty where it is no single part.',
      resolve: ({ path }) => [...path],
    }),
    retryAfter: t.exposeInt('retryAfter', {
      nullable: true,
      description: 'Seconds after which the same may be done; null where waiting changes nothing.',
    }),
  }),
})

builder.objectType(Refused, {
  name: 'RefusedError',
  interfaces: [Problem],
  authScopes: everyone,
  description: 'The request was understood, and refused for the reason that is told. Nothing was changed.',
})

/** For the option `errors` of a mutation: the success type or the errors, in a union that is named for the mutation. */
export function refusing<Name extends string>(mutation: Name, description: string) {
  return { types: [Refused], directResult: true as const, union: { name: `${mutation}Result`, description } }
}
