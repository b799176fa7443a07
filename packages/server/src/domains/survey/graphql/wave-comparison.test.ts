import { graphql } from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Actor, anyone } from '../../../actor.ts'
import type { Database } from '../../../database/connect.ts'
import { encodeGlobalId } from '../../../graphql/global-id.ts'
import { schema } from '../../../graphql/schema.ts'
import { passingSecrets } from '../../../secrets.ts'
import {
  type Answered,
  gender,
  makeClosedCampaign,
  wellbeing,
  wellbeingAnswers,
} from '../../../testing/closed-campaign.ts'
import { partnerKey } from '../../../testing/mutate.ts'
import { openTestDatabase } from '../../../testing/test-database.ts'
import type { Questionnaire } from '../questionnaire/model.ts'
import type { Plan } from '../releasing/plan.ts'
import { releaseResults, requestRelease } from '../releasing/release-results.ts'

const now = new Date('2026-11-23T12:00:00+01:00')
const plan: Plan = { recodes: [gender], tables: [['company', 'gender']], companies: 'own' }
const sizes = [60, 80, 40, 120]

let database: Database
beforeAll(async () => {
  database = await openTestDatabase('empty')
})
afterAll(() => database.close())

interface Wave {
  document: Questionnaire
  plan: Plan
  answered: Answered[]
  /** How many of the companies of the first wave are asked. */
  companies: number
}

const first: Wave = { document: wellbeing, plan, answered: wellbeingAnswers(sizes), companies: 4 }
/** The same companies, in which a third has less stress now, and a quarter more care. */
const second: Wave = {
  ...first,
  answered: first.answered.map(({ organization, values: [sex, stress, care] }, index) => ({
    organization,
    values: [sex!, index % 3 === 0 ? 1 : stress!, index % 4 === 0 ? 5 : care!],
  })),
}

/** Two waves of a survey, both released; most people of the second were not there in the first. */
async function releaseWaves(earlier: Partial<Wave> = {}, later: Partial<Wave> = {}) {
  const before = { ...first, ...earlier }
  const made = await release(before)
  const { companies, ...after } = { ...second, ...later }
  const organizations = made.organizations.slice(0, companies)
  const change = { joiners: 30, leavers: 30 }
  const { releaseId } = await release({ ...after, companies }, { ...made, organizations, change })
  return { ...made, earlierId: made.releaseId, releaseId }
}

async function release(
  { companies, ...given }: Wave,
  earlier?: NonNullable<Parameters<typeof makeClosedCampaign>[1]['earlier']>,
) {
  const { prisma } = database
  const headCounts = sizes.slice(0, companies).map((size) => size * 2)
  const answered = given.answered.filter(({ organization }) => organization < companies)
  const made = await makeClosedCampaign(database, { ...given, answered, headCounts, ...(earlier && { earlier }) })
  const { id: releaseId } = await requestRelease(prisma, made.campaignId, now)
  await releaseResults(prisma, made.campaignId, now)
  return { ...made, releaseId }
}

interface Answer {
  name: string
  text: string
  percent: number
  earlierPercent: number
  change: number
}

interface Group {
  dimensions: { name: string; category: string }[]
  distribution: { respondents?: number; answers?: { percent: number }[]; suppressed?: true }
  comparison: null | { respondents?: number; earlierRespondents?: number; answers?: Answer[]; obstacle?: string }
}

/** The groups of each measure, by its name. */
async function readTables(
  releaseId: string,
  organization?: string,
  actor: Actor = anyone,
): Promise<Map<string, Group[]>> {
  const shown = `measure groups {
    dimensions { name category }
    distribution { ... on Distribution { respondents answers { percent } } ... on Suppressed { suppressed } }
    comparison {
      ... on DistributionChange {
        respondents earlierRespondents answers { name text(language: "it") percent earlierPercent change }
      }
      ... on NotCompared { obstacle }
    }
  }`
  const { tables } = await askRelease<{ tables: { nodes: { measure: string; groups: Group[] }[] } }>(
    releaseId,
    `tables(first: 20${organization === undefined ? '' : `, organization: "${idOf(organization)}"`}) { nodes { ${shown} } }`,
    actor,
  )
  return new Map(tables.nodes.map(({ measure, groups }) => [measure, groups]))
}

async function readNeedAreas(releaseId: string, organization?: string, actor: Actor = anyone): Promise<string[]> {
  const given = organization === undefined ? '' : `(organization: "${idOf(organization)}")`
  const { comparison } = await askRelease<{ comparison: { needAreaCode: string }[] }>(
    releaseId,
    `comparison${given} { needAreaCode percent earlierPercent change }`,
    actor,
  )
  return comparison.map(({ needAreaCode }) => needAreaCode)
}

const idOf = (organization: string) => encodeGlobalId('Organization', organization)

async function askRelease<Data>(releaseId: string, shown: string, actor: Actor): Promise<Data> {
  const { data, errors } = await graphql({
    schema,
    source: `{ node(id: "${encodeGlobalId('Release', releaseId)}") { ... on Release { ${shown} } } }`,
    contextValue: { prisma: database.prisma, actor, secrets: passingSecrets(), requestId: 'request-1' },
  })
  expect(errors).toBeUndefined()
  return data!.node as Data
}

/** Of each measure whether its people as a whole are compared, or why not. */
function ofAll(tables: Map<string, Group[]>): Record<string, string | undefined> {
  return Object.fromEntries([...tables].map(([measure, [all]]) => [measure, all!.comparison!.obstacle ?? 'compared']))
}

const everyMeasure = ['genere', 'stress', 'cura', 'need-area:work-stress', 'need-area:care']
const each = (verdict: string) => Object.fromEntries(everyMeasure.map((measure) => [measure, verdict]))

test('what both waves show is laid side by side: questions, need areas and groups, as both releases show them', async () => {
  const { earlierId, releaseId } = await releaseWaves()
  const earlier = await readTables(earlierId)
  const tables = await readTables(releaseId)
  expect([...tables.keys()]).toEqual(everyMeasure)
  let changed = 0
  for (const [measure, groups] of tables) {
    expect(groups).toHaveLength(4)
    for (const [place, { distribution, comparison }] of groups.entries()) {
      const then = earlier.get(measure)![place]!.distribution
      if (distribution.suppressed || then.suppressed) {
        expect(comparison, measure).toEqual({ obstacle: 'NOT_SHOWN' })
        continue
      }
      expect(comparison).toMatchObject({ respondents: distribution.respondents, earlierRespondents: then.respondents })
      for (const [index, answer] of comparison!.answers!.entries()) {
        expect(answer.percent).toBe(distribution.answers![index]!.percent)
        expect(answer.earlierPercent).toBe(then.answers![index]!.percent)
        expect(answer.change).toBeCloseTo(answer.percent - answer.earlierPercent)
        if (answer.change !== 0) changed += 1
      }
    }
  }
  expect(changed).toBeGreaterThan(10)
  expect(ofAll(tables)).toEqual(each('compared'))
  expect(tables.get('stress')![0]!.comparison!.answers![0]).toMatchObject({ name: '1', text: 'no' })
  expect(await readNeedAreas(releaseId)).toEqual(['work-stress', 'care'])
  for (const [{ comparison }] of [...earlier.values()] as [[Group]]) expect(comparison).toBeNull()
})

test.each([
  ['now', {}, { answered: silent(second) }],
  ['then', { answered: silent(first) }, {}],
])('what is not shown %s is not compared, and nothing is told of it', async (_when, earlier, later) => {
  const { releaseId } = await releaseWaves(earlier, later)
  const tables = await readTables(releaseId)
  expect(ofAll(tables)).toEqual({ ...each('compared'), cura: 'NOT_SHOWN', 'need-area:care': 'NOT_SHOWN' })
  for (const measure of ['cura', 'need-area:care'])
    for (const { comparison } of tables.get(measure)!) expect(comparison).toEqual({ obstacle: 'NOT_SHOWN' })
  expect(await readNeedAreas(releaseId)).toEqual(['work-stress'])
})

/** The same, but hardly anybody answered the last question. */
function silent({ answered }: Wave): Answered[] {
  return answered.map(({ organization, values }, index) => ({
    organization,
    values: index < 3 ? values : values.with(-1, null),
  }))
}

test('a question of other words is not compared, nor is its need area; nor an area of another rule, nor what is new', async () => {
  const document = structuredClone(wellbeing)
  const [, stress, care] = document.sections[0]!.questions
  stress!.text.it = 'Mi sento sotto pressione'
  Object.assign(care!, { critical: { atLeast: 3 } })
  document.sections[0]!.questions.push({ kind: 'scale', name: 'sonno', text: { it: 'Sonno' }, scale: 'accordo' })
  const answered = second.answered.map(({ organization, values }, index) => ({
    organization,
    values: [...values, 1 + (index % 5)],
  }))
  const { releaseId } = await releaseWaves({}, { document, answered })
  expect(ofAll(await readTables(releaseId))).toEqual({
    genere: 'compared',
    stress: 'MEASURE_CHANGED',
    cura: 'compared',
    sonno: 'ABSENT_BEFORE',
    'need-area:work-stress': 'MEASURE_CHANGED',
    'need-area:care': 'MEASURE_CHANGED',
  })
  expect(await readNeedAreas(releaseId)).toEqual([])
})

test('groups are compared where both plans tell them apart in the same way', async () => {
  const [women, men] = gender.categories
  const turned = {
    ...gender,
    categories: [
      { ...women!, values: men!.values },
      { ...men!, values: women!.values },
    ],
  }
  const { releaseId } = await releaseWaves({}, { plan: { ...plan, recodes: [turned] } })
  const groups = (await readTables(releaseId)).get('stress')!
  expect(groups.map(({ dimensions, comparison }) => [dimensions.length, comparison!.obstacle])).toEqual([
    [0, undefined],
    [1, 'GROUP_CHANGED'],
    [1, 'GROUP_CHANGED'],
    [1, 'GROUP_CHANGED'],
  ])
})

test('everybody is not compared where other organizations were asked; each that was asked twice is', async () => {
  const { releaseId, networkId, organizations } = await releaseWaves({}, { companies: 3 })
  expect(ofAll(await readTables(releaseId))).toEqual(each('ORGANIZATIONS_DIFFER'))
  expect(await readNeedAreas(releaseId)).toEqual([])
  const own = partnerKey(networkId, organizations[1]!, 'grant_issue')
  expect(ofAll(await readTables(releaseId, organizations[1], own))).toMatchObject({ stress: 'compared' })
  expect(await readNeedAreas(releaseId, organizations[1], own)).toContain('work-stress')
})

test("a company's waves are compared for its own key, and for nobody else", async () => {
  const { releaseId, networkId, organizations } = await releaseWaves()
  const own = partnerKey(networkId, organizations[0]!, 'grant_issue')
  const others = [anyone, partnerKey(networkId, organizations[1]!, 'survey_run', 'network_coordinate')]
  expect(ofAll(await readTables(releaseId, organizations[0], own))).toMatchObject({ stress: 'compared' })
  expect(await readNeedAreas(releaseId, organizations[0], own)).toContain('work-stress')
  for (const other of others) {
    expect(await readTables(releaseId, organizations[0], other)).toEqual(new Map())
    expect(await readNeedAreas(releaseId, organizations[0], other)).toEqual([])
  }
})

test('where only the later wave is for everyone, the earlier is still for the company alone', async () => {
  const { releaseId, networkId, organizations } = await releaseWaves({}, { plan: { ...plan, companies: 'everyone' } })
  const own = partnerKey(networkId, organizations[0]!, 'grant_issue')
  expect(ofAll(await readTables(releaseId, organizations[0]))).toEqual(each('ABSENT_BEFORE'))
  expect(await readNeedAreas(releaseId, organizations[0])).toEqual([])
  expect(ofAll(await readTables(releaseId, organizations[0], own))).toMatchObject({ stress: 'compared' })
})
