/** The counts of a campaign that is closed, as disclosure control takes them. They leave this process in no other way. */
import { takeTime } from '../../../database/take-time.ts'
import type { PrismaClient } from '../../../generated/prisma/client.ts'
import {
  byCompany,
  type CountedGroup,
  type CountedTables,
  type GroupKey,
  keyText,
} from '../disclosure/counted-tables.ts'
import { measuresOf } from '../questionnaire/measures.ts'
import type { Questionnaire } from '../questionnaire/model.ts'
import { categoriesOf } from '../questionnaire/recode.ts'
import type { Counting } from './counting.ts'
import { disclosedMeasures } from './disclosed-measures.ts'
import type { Plan } from './plan.ts'

interface CountedRow {
  organizationId: string
  /** Category of each recode; null where it is of all. */
  categories: (number | null)[]
  firstMeaning: number
  /** Of each of the campaign's meanings, from the first on. */
  counts: number[]
}

/** What is counted. */
export interface Counted {
  /** Row key of the campaign, which is closed. */
  campaignId: string
  /** What it asked. */
  document: Questionnaire
  /** Which groups are told apart. */
  plan: Plan
  /** Whose people it asked, by row key, and how many they are (N). */
  organizations: readonly { organizationId: string; headCount: number }[]
}

/**
 * Has the database count, and lays the counts out by group and measure. Where more answered than there are said to be, a group has
 * as many people as answered. Throws what the database says where the campaign is not closed.
 */
export async function countCampaign(prisma: PrismaClient, counted: Counted): Promise<CountedTables> {
  const { campaignId, document, plan, organizations } = counted
  const { counting } = await prisma.campaign.findUniqueOrThrow({
    where: { id: campaignId },
    select: { counting: true },
  })
  const { meanings } = counting as unknown as Counting
  const rows = await takeTime(
    prisma,
    (tx) => tx.$queryRaw<CountedRow[]>`
      SELECT organization_id::text AS "organizationId", categories, first_meaning AS "firstMeaning", counts
      FROM count_answers(${campaignId}::uuid)`,
  )
  const sizes = measuresOf(document).map(({ answers }) => answers.length)
  const recodes = plan.recodes.map((recode) => ({
    name: recode.name,
    categories: categoriesOf(document, recode).map(({ name }) => name),
  }))

  const groups = new Map<string, { key: GroupKey; population: number | null; counts: number[][] }>()
  const groupOf = (key: GroupKey) => {
    const text = keyText(key)
    const group = groups.get(text) ?? {
      key,
      population: null,
      counts: sizes.map((size) => Array.from({ length: size }, () => 0)),
    }
    groups.set(text, group)
    return group
  }
  let people = 0
  for (const { organizationId, headCount } of organizations) {
    groupOf({ [byCompany]: organizationId }).population = headCount
    people += headCount
  }
  groupOf({}).population = people

  for (const { organizationId, categories, firstMeaning, counts } of rows) {
    const key = Object.fromEntries(
      categories.flatMap((category, index) => {
        const { name, categories } = recodes[index]!
        return category === null ? [] : [[name, categories[category]!]]
      }),
    )
    for (const group of [groupOf(key), groupOf({ [byCompany]: organizationId, ...key })]) {
      for (const [index, count] of counts.entries()) {
        const { measure, answer } = meanings[firstMeaning + index]!
        group.counts[measure]![answer]! += count
      }
    }
  }
  // Where more answered than there are said to be, there are as many at least.
  for (const group of groups.values()) {
    const most = Math.max(0, ...group.counts.map((ofMeasure) => ofMeasure.reduce((sum, count) => sum + count, 0)))
    if (group.population !== null) group.population = Math.max(group.population, most)
  }
  return {
    companies: organizations.map(({ organizationId }) => organizationId).sort(),
    recodes: recodes.filter(({ name }) => plan.tables.some((table) => table.includes(name))),
    tables: plan.tables,
    measures: disclosedMeasures(document),
    groups: [...groups.values()] satisfies CountedGroup[],
  }
}
