/** What was released: tables, critical themes, and waves side by side. */
import DataLoader from 'dataloader'
import type { Actor } from '../../../actor.ts'
import { ReleaseStatus } from '../../../generated/prisma/client.ts'
import { builder } from '../../../graphql/builder.ts'
import { connectionOf } from '../../../graphql/connection.ts'
import { type Context, perRequest } from '../../../graphql/context.ts'
import { badInput } from '../../../graphql/errors.ts'
import { decodeGlobalId } from '../../../graphql/global-id.ts'
import { everyone } from '../../../graphql/permissions.ts'
import type { Distribution } from '../disclosure/publish.ts'
import { measuresOf } from '../questionnaire/measures.ts'
import { type Questionnaire, type Text, textIn } from '../questionnaire/model.ts'
import {
  type Change,
  type Compared,
  type ComparedTable,
  compareNeedAreas,
  compareTables,
  type Obstacle,
  type WaveComparison,
} from '../releasing/compare-waves.ts'
import type { Plan } from '../releasing/plan.ts'
import { readableBy, readableRows } from '../releasing/readable-by.ts'
import type { ReleasedGroup } from '../releasing/release-results.ts'

const Status = builder.enumType('ReleaseStatus', {
  description: 'How far a release has come.',
  values: {
    REQUESTED: { value: ReleaseStatus.requested, description: 'Asked for; it begins within a minute.' },
    COUNTING: { value: ReleaseStatus.counting, description: 'The answers are being counted.' },
    PROTECTING: { value: ReleaseStatus.protecting, description: 'What may be known of the counts is being decided.' },
    WRITING: { value: ReleaseStatus.writing, description: 'What may be known is being written down.' },
    FAILED: {
      value: ReleaseStatus.failed,
      description:
        'It could not be made, and is tried again within minutes. Why, the log of the server tells its operator.',
    },
    RELEASED: { value: ReleaseStatus.released, description: 'It is there, and never changes.' },
  },
})

const language = (text: Text, wanted: string | null | undefined, document: Questionnaire) =>
  textIn(text, wanted ?? document.defaultLanguage, document)

const languageArgument = {
  description:
    'Language (BCP 47), such as it or en-US; where a text is not there in it, the same without the country, and else, or where ' +
    'none is named, the default of the questionnaire.',
} as const

interface Answer {
  name: string
  text: Text | undefined
  count: number
  percent: number | null
  document: Questionnaire
}

const sayAnswer = (
  { name, text, document }: Pick<Answer, 'name' | 'text' | 'document'>,
  wanted: string | null | undefined,
) => (text === undefined ? name : language(text, wanted, document))

const AnswerShare = builder.objectRef<Answer>('AnswerShare').implement({
  authScopes: everyone,
  description: 'How many gave one answer.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Name of the answer: its code, or its band.' }),
    text: t.string({
      description: 'Its words.',
      args: { language: t.arg.string(languageArgument) },
      resolve: (answer, args) => sayAnswer(answer, args.language),
    }),
    count: t.exposeInt('count', { description: 'How many gave it, to the nearest five.' }),
    percent: t.exposeFloat('percent', {
      nullable: true,
      description: 'Per cent of the counts that are shown, to a tenth; null where all of them are 0.',
    }),
  }),
})

/** The answers of a measure, and their words. */
interface Answers {
  names: readonly string[]
  texts: ReadonlyMap<string, Text>
  document: Questionnaire
}

interface ShownDistribution extends Answers {
  distribution: Distribution
}

const DistributionType = builder.objectRef<ShownDistribution>('Distribution').implement({
  authScopes: everyone,
  description: 'How a group answered.',
  fields: (t) => ({
    respondents: t.int({
      description: 'How many gave a valid answer, to the nearest five; the counts add up to it only nearly.',
      resolve: ({ distribution }) => distribution.n,
    }),
    answers: t.field({
      type: [AnswerShare],
      description: 'The answers, in the order of the questionnaire.',
      resolve: ({ distribution, names, texts, document }) =>
        names.map((name, index) => ({
          name,
          text: texts.get(name),
          count: distribution.counts[index]!,
          percent: distribution.percents[index]!,
          document,
        })),
    }),
  }),
})

const Suppressed = builder.objectRef<{ suppressed: true }>('Suppressed').implement({
  authScopes: everyone,
  description:
    'That a distribution is not shown, so that nobody can be made out: the group is small, answered nearly alike, or could ' +
    'be used to compute another that is not shown. Which of these is not told.',
  fields: (t) => ({ suppressed: t.exposeBoolean('suppressed', { description: 'Always true.' }) }),
})

const ShownType = builder.unionType('ShownDistribution', {
  types: [DistributionType, Suppressed],
  description: 'A distribution, or that it is not shown.',
  resolveType: (value) => ('suppressed' in value ? Suppressed : DistributionType),
})

type AnswerChange = Pick<Answer, 'name' | 'text' | 'document'> & Change['answers'][number]

const AnswerChangeType = builder.objectRef<AnswerChange>('AnswerChange').implement({
  authScopes: everyone,
  description: 'One answer in two waves.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Name of the answer: its code, or its band.' }),
    text: t.string({
      description: 'Its words.',
      args: { language: t.arg.string(languageArgument) },
      resolve: (answer, args) => sayAnswer(answer, args.language),
    }),
    percent: t.exposeFloat('percent', {
      nullable: true,
      description: 'Per cent who give it now, to a tenth, as the release shows it; null where all counts shown are 0.',
    }),
    earlierPercent: t.exposeFloat('earlierPercent', {
      nullable: true,
      description: 'The same in the wave before, as its release shows it.',
    }),
    change: t.exposeFloat('change', {
      nullable: true,
      description: 'Percentage points from the wave before to now, to a tenth; null where one of both is.',
    }),
  }),
})

const DistributionChange = builder.objectRef<Change & Answers>('DistributionChange').implement({
  authScopes: everyone,
  description:
    'How a group answered in two waves, both of which show it. Counts are to the nearest five, so that in a small group a ' +
    'change of a few points says little.',
  fields: (t) => ({
    respondents: t.exposeInt('respondents', {
      description: 'How many gave a valid answer now, to the nearest five.',
    }),
    earlierRespondents: t.exposeInt('earlierRespondents', { description: 'The same in the wave before.' }),
    answers: t.field({
      type: [AnswerChangeType],
      description: 'The answers, in the order of the questionnaire.',
      resolve: (change) =>
        change.answers.map((answer, index) => {
          const name = change.names[index]!
          return { ...answer, name, text: change.texts.get(name), document: change.document }
        }),
    }),
  }),
})

const ComparisonObstacle = builder.enumType('ComparisonObstacle', {
  description: 'Why a group is not compared with the wave before.',
  values: {
    ABSENT_BEFORE: {
      value: 'absent_before',
      description: 'The wave before released nothing of this measure that the caller reads.',
    },
    MEASURE_CHANGED: {
      value: 'measure_changed',
      description:
        'It was another measure then: other words or answers, asked of others, or another rule or other questions of a ' +
        'need area.',
    },
    ORGANIZATIONS_DIFFER: {
      value: 'organizations_differ',
      description: 'Everybody is counted, and people of other organizations were asked then.',
    },
    GROUP_CHANGED: {
      value: 'group_changed',
      description: 'It was told apart in another way then, or not at all: the release plans differ.',
    },
    NOT_SHOWN: { value: 'not_shown', description: 'One of both releases does not show it.' },
  } satisfies Record<Uppercase<Obstacle>, { value: Obstacle; description: string }>,
})

const NotCompared = builder.objectRef<{ obstacle: Obstacle }>('NotCompared').implement({
  authScopes: everyone,
  description: 'That a group is not compared with the wave before.',
  fields: (t) => ({
    obstacle: t.expose('obstacle', { type: ComparisonObstacle, description: 'Why not.' }),
  }),
})

const ComparedType = builder.unionType('ComparedDistribution', {
  types: [DistributionChange, NotCompared],
  description: 'A distribution in two waves, or why it is not compared.',
  resolveType: (value) => ('obstacle' in value ? NotCompared : DistributionChange),
})

/** What the groups of tables come to beside the wave before; asked once for all tables. */
const comparisons = perRequest(
  ({ prisma, actor }) =>
    new DataLoader<ComparedTable, Compared[] | null, string>((tables) => compareTables(prisma, actor, tables), {
      cacheKeyFn: ({ id }) => id,
    }),
)

interface Group {
  dimensions: { name: string; category: string }[]
  population: number | null
  shown: ShownDistribution | { suppressed: true }
  /** The table that it is of, and its place among the groups there, from 0. */
  table: ComparedTable
  place: number
  answers: Answers
}

const GroupDimension = builder.objectRef<{ name: string; category: string }>('GroupDimension').implement({
  authScopes: everyone,
  description: 'By what a group is told apart.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Name of the recode, as the release plan says.' }),
    category: t.exposeString('category', { description: 'Name of the category; `unstated` is for all in no other.' }),
  }),
})

const ResultGroup = builder.objectRef<Group>('ResultGroup').implement({
  authScopes: everyone,
  description: 'A group of people, and how it answered.',
  fields: (t) => ({
    dimensions: t.field({
      type: [GroupDimension],
      description: 'By what it is told apart within the table; empty for all.',
      resolve: ({ dimensions }) => dimensions,
    }),
    population: t.exposeInt('population', {
      nullable: true,
      description: 'How many people belong to it, whether they answered or not; null where that is not known.',
    }),
    distribution: t.field({ type: ShownType, description: 'How it answered.', resolve: ({ shown }) => shown }),
    comparison: t.field({
      type: ComparedType,
      nullable: true,
      description: 'The same beside the wave before; null where there is none that was released.',
      resolve: async ({ table, place, answers }, _args, context) => {
        const compared = (await comparisons(context).load(table))?.[place] ?? null
        return compared === null || 'obstacle' in compared ? compared : { ...answers, ...compared }
      },
    }),
  }),
})

/** What a release is of: asked once for all its tables, for a questionnaire is long. */
const sourceOf = perRequest(
  ({ prisma }) =>
    new DataLoader(async (ids: readonly string[]) => {
      const found = await prisma.release.findMany({
        where: { id: { in: [...ids] } },
        select: { id: true, campaign: { select: { plan: true, surveyVersion: { select: { document: true } } } } },
      })
      const sources = new Map(
        found.map(({ id, campaign: { plan, surveyVersion } }) => [
          id,
          { plan: plan as unknown as Plan, document: surveyVersion.document as unknown as Questionnaire },
        ]),
      )
      return ids.map((id) => sources.get(id)!)
    }),
)

interface Stored {
  networkId: string
  organizationId: string | null
  releaseId: string
}

async function isReadable(stored: Stored, context: Context): Promise<boolean> {
  if (stored.organizationId === null) return true
  const { plan } = await sourceOf(context).load(stored.releaseId)
  return readableBy(context.actor, stored, plan)
}

const ResultTable = builder.prismaNode('ResultTable', {
  authScopes: isReadable,
  id: { field: 'id' },
  select: { id: true, networkId: true, organizationId: true, releaseId: true },
  nullable: true,
  fields: (t) => ({
    measure: t.exposeString('measure'),
    text: t.string({
      nullable: true,
      args: { language: t.arg.string(languageArgument) },
      select: { measure: true },
      description: 'What was asked; null of a need area, which has words of its own.',
      resolve: async (table, args, context) => {
        const { document } = await sourceOf(context).load(table.releaseId)
        const text = measuresOf(document).find(({ name }) => name === table.measure)?.text
        return text === undefined ? null : language(text, args.language, document)
      },
    }),
    needArea: t.relation('needArea', {
      nullable: true,
      description: 'The need area, where the measure is one; null also when the network removed it.',
    }),
    organization: t.relation('organization', {
      nullable: true,
      description: 'The organization whose people are counted; null where everybody is.',
    }),
    groups: t.field({
      type: [ResultGroup],
      select: { measure: true, answers: true, results: true },
      description: 'The groups of the plan, all first.',
      resolve: async (table, _args, context) => {
        const { document } = await sourceOf(context).load(table.releaseId)
        const measure = measuresOf(document).find(({ name }) => name === table.measure)
        const texts = new Map(measure?.answers.map(({ name, text }) => [name, text]))
        const answers = { names: table.answers, texts, document }
        return (table.results as unknown as ReleasedGroup[]).map(({ group, population, distribution }, place) => ({
          dimensions: Object.entries(group)
            .filter(([name]) => name !== 'company')
            .map(([name, category]) => ({ name, category })),
          population,
          shown: 'value' in distribution ? { distribution: distribution.value, ...answers } : distribution,
          table,
          place,
          answers,
        }))
      },
    }),
  }),
})

const Interval = builder.objectRef<{ low: number; high: number }>('ConfidenceInterval').implement({
  authScopes: everyone,
  description: 'The 95 % Wilson interval of a share.',
  fields: (t) => ({
    low: t.exposeFloat('low', { description: 'Its low end, between 0 and 1.' }),
    high: t.exposeFloat('high', { description: 'Its high end, between 0 and 1.' }),
  }),
})

builder.prismaNode('CriticalTheme', {
  authScopes: isReadable,
  id: { field: 'id' },
  select: { id: true, networkId: true, organizationId: true, releaseId: true },
  nullable: true,
  fields: (t) => ({
    position: t.exposeInt('position'),
    needArea: t.relation('needArea', {
      nullable: true,
      description: 'The need area; null when the network removed it.',
    }),
    needAreaCode: t.exposeString('needAreaCode'),
    organization: t.relation('organization', {
      nullable: true,
      description: 'The organization whose people are counted; null where everybody is.',
    }),
    respondents: t.exposeInt('respondents'),
    critical: t.exposeInt('critical'),
    percent: t.float({
      select: { permille: true },
      description: 'Per cent of respondents for whom it is critical, to a tenth: more than 50.',
      resolve: ({ permille }) => permille / 10,
    }),
    responseRate: t.exposeFloat('responseRate', { nullable: true }),
    interval: t.field({
      type: Interval,
      select: { low: true, high: true },
      description: '95 % Wilson interval of the share for whom it is critical.',
      resolve: ({ low, high }) => ({ low, high }),
    }),
  }),
})

const WaveComparisonType = builder.objectRef<WaveComparison>('WaveComparison').implement({
  authScopes: everyone,
  description: 'A need area in two waves that both released it, and meant the same by it.',
  fields: (t) => ({
    needAreaCode: t.exposeString('needAreaCode', { description: 'Code of the need area.' }),
    percent: t.exposeFloat('percent', { description: 'Per cent for whom it is critical now, to a tenth.' }),
    earlierPercent: t.exposeFloat('earlierPercent', { description: 'The same in the wave before.' }),
    change: t.exposeFloat('change', { description: 'Percentage points from the wave before to now, to a tenth.' }),
  }),
})

/** The rows of the people of an organization, or of everybody, that the caller reads. */
function readable(organization: string | null | undefined, actor: Actor) {
  return readableRows(actor, organization == null ? null : readOrganization(organization))
}

function readOrganization(globalId: string): string {
  const { typename, id } = decodeGlobalId(globalId)
  if (typename !== 'Organization')
    throw badInput(`organization: "${globalId.slice(0, 60)}" is no id of an Organization.`)
  return id
}

const organizationArgument = {
  description: 'Global id of an organization, for its people alone; left out, everybody is counted.',
} as const

const tables = connectionOf(ResultTable, 'ResultTable', 'tables of results')

builder.prismaNode('Release', {
  authScopes: everyone,
  id: { field: 'id' },
  select: { id: true, networkId: true, campaignId: true },
  nullable: true,
  fields: (t) => ({
    status: t.field({
      type: Status,
      select: { status: true },
      description: 'How far it has come.',
      resolve: ({ status }) => status,
    }),
    failures: t.exposeInt('failures', {
      description:
        'How often making it has failed. Where that was more than once or twice, and it is tried again and again, tell the operator.',
    }),
    releasedOn: t.expose('releasedOn', { type: 'Date', nullable: true }),
    hash: t.string({
      nullable: true,
      select: { hash: true },
      description:
        'SHA-256, in hexadecimal digits, of all that was released, written as canonical JSON (RFC 8785), after 32 random bytes ' +
        'that nobody is told: with it the operator shows that nothing was changed.',
      resolve: ({ hash }) => hash && Buffer.from(hash).toString('hex'),
    }),
    campaign: t.relation('campaign', { description: 'The campaign.' }),
    tables: t.relatedConnection(
      'tables',
      {
        description:
          'Tables of results in the order of the questionnaire, then of the need areas. Those of single organizations are ' +
          'for their own API keys and administrators, unless the release plan shows them to everyone.',
        args: {
          organization: t.arg.id(organizationArgument),
          measure: t.arg.string({ description: 'Only this measure: a variable, or need-area: and a code.' }),
        },
        cursor: 'id',
        totalCount: true,
        query: ({ organization, measure }, context) => ({
          where: { ...readable(organization, context.actor), ...(measure ? { measure } : {}) },
          orderBy: [{ position: 'asc' }, { id: 'asc' }],
        }),
      },
      tables,
    ),
    criticalThemes: t.relation('themes', {
      description:
        'Need areas that more than half of the respondents report as critical, the most critical first; one whose table is ' +
        'suppressed is never among them. Those of single organizations are for whom their tables are.',
      args: { organization: t.arg.id(organizationArgument) },
      query: ({ organization }, context) => ({
        where: readable(organization, context.actor),
        orderBy: { position: 'asc' },
      }),
    }),
    comparison: t.field({
      type: [WaveComparisonType],
      args: { organization: t.arg.id(organizationArgument) },
      description:
        'Need areas beside the wave before, where they can be compared; in the order of the questionnaire. Of questions and ' +
        'groups, and of what can not be compared, the tables tell.',
      complexity: 30,
      resolve: ({ id }, { organization }, { prisma, actor }) =>
        compareNeedAreas(prisma, actor, { releaseId: id, ...readable(organization, actor) }),
    }),
  }),
})
