/** Whether services and places are open, when next, and their hours in words. */
import { builder } from '../../../graphql/builder.ts'
import { type Context, perRequest } from '../../../graphql/context.ts'
import { badInput } from '../../../graphql/errors.ts'
import { limits } from '../../../graphql/limits.ts'
import { momentRange, momentRule } from '../../../graphql/moment.ts'
import { everyone } from '../../../graphql/permissions.ts'
import { TextLanguage } from '../../need/graphql.ts'
import { describePlaces } from '../opening/describe-places.ts'
import { type Opening, openingLoaders } from '../opening/load-openings.ts'
import type { Opener } from '../opening/opener.ts'

const OpeningType = builder.objectRef<Opening>('Opening').implement({
  authScopes: everyone,
  description:
    'One opening: an occurrence of one schedule, or the other hours of an exception. Openings that touch or overlap stay apart.',
  fields: (t) => ({
    opensAt: t.expose('opensAt', { type: 'DateTime', description: 'When it opens.' }),
    closesAt: t.expose('closesAt', { type: 'DateTime', description: 'When it closes.' }),
  }),
})

/** Whose schedules speak, for the reader of the schema. */
const speaking: Record<Opener, string> = {
  service:
    'A service is open when it is open at one of its places; by its own schedules where no place keeps them (a telephone line). At a place the schedules of the service at that location count; where it has none, those of the service; where that has none, those of the building.',
  serviceAtLocation:
    'Its own schedules count; where it has none, those of the service; where that has none, those of the building.',
  location: "The building's own schedules count, whatever its services do.",
}
const exceptions: Record<Opener, string> = {
  service: 'A day on which the service or the building is closed by a holiday schedule cancels what would open on it.',
  serviceAtLocation:
    'A day on which the service or the building is closed by a holiday schedule cancels what would open on it.',
  location: 'A day on which it is closed by a holiday schedule cancels what would open on it.',
}
const unknown = 'null when no schedule can be evaluated (none has times and a recurrence), so that nobody knows.'

// One set of loaders and one "now" serve a request.
const openings = perRequest(({ prisma }) => ({
  loaders: openingLoaders(prisma),
  now: new Date(),
  moments: new Set<number>(),
}))

/** What answers for a moment that the caller names. Each lengthens one statement: hundreds would break the database. */
function openingsAt(context: Context, moment: Date, argument: string) {
  const { loaders, moments } = openings(context)
  moments.add(moment.getTime())
  if (moments.size <= limits.moments) return loaders
  throw badInput(`${argument}: at most ${limits.moments} different moments in a request.`, [argument])
}

// Schedules and exceptions of all its places are looked at.
const complexity = { field: 50 }

const openers = { Service: 'service', ServiceAtLocation: 'serviceAtLocation', Location: 'location' } as const

for (const name of Object.keys(openers) as (keyof typeof openers)[]) {
  const opener = openers[name]
  builder.prismaObjectFields(name, (t) => ({
    openNow: t.boolean({
      nullable: true,
      complexity,
      description: `Whether it is open now; ${unknown} ${speaking[opener]} ${exceptions[opener]}`,
      resolve: ({ id }, _args, context) => {
        const { loaders, now } = openings(context)
        return loaders[opener].isOpen.load({ id, moment: now })
      },
    }),
    openAt: t.boolean({
      nullable: true,
      complexity,
      description: `Whether it is open at a moment; ${unknown}`,
      args: {
        moment: t.arg({
          type: 'DateTime',
          required: true,
          description: `The moment, past or to come, ${momentRange}.`,
          validate: momentRule,
        }),
      },
      resolve: ({ id }, { moment }, context) =>
        openingsAt(context, moment, 'moment')[opener].isOpen.load({ id, moment }),
    }),
    nextOpening: t.field({
      type: OpeningType,
      nullable: true,
      complexity,
      description:
        'The next opening that begins after a moment; null when there is none, or none within 28 years, or no schedule can be evaluated.',
      args: {
        after: t.arg({
          type: 'DateTime',
          description: `Openings that begin later than this, ${momentRange}; later than now when absent.`,
          validate: momentRule,
        }),
      },
      resolve: ({ id }, { after }, context) => {
        if (after != null) return openingsAt(context, after, 'after')[opener].next.load({ id, moment: after })
        const { loaders, now } = openings(context)
        return loaders[opener].next.load({ id, moment: now })
      },
    }),
    openingHours: t.string({
      nullable: true,
      complexity,
      description:
        'Opening hours in words (orari), as of today, times in Italy; a schedule that can not be evaluated is told by its description. null when nothing is known.',
      args: {
        language: t.arg({ type: TextLanguage, required: true, defaultValue: 'it', description: 'In which language.' }),
      },
      resolve: async ({ id }, { language }, context) => {
        const { loaders, now } = openings(context)
        return describePlaces(await loaders[opener].hours.load(id), language, dayInItaly(now))
      },
    }),
  }))
}

/** The day on the calendar in Italy, as midnight UTC. */
function dayInItaly(moment: Date): Date {
  return new Date(moment.toLocaleDateString('sv', { timeZone: 'Europe/Rome' }))
}
