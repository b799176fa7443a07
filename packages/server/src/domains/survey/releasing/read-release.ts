/** A release as it is handed out: in words, by whoever may read it. */
import type { Actor } from '../../../actor.ts'
import type { PrismaClient } from '../../../generated/prisma/client.ts'
import { byCompany } from '../disclosure/counted-tables.ts'
import type { Distribution, Shown } from '../disclosure/publish.ts'
import type { Thresholds } from '../disclosure/thresholds.ts'
import { measuresOf } from '../questionnaire/measures.ts'
import { type Questionnaire, type Text, textIn } from '../questionnaire/model.ts'
import { categoriesOf } from '../questionnaire/recode.ts'
import type { Plan } from './plan.ts'
import { readableRows } from './readable-by.ts'
import type { ReleasedGroup } from './release-results.ts'

/** A release in words, as its files have it. */
export interface ToldRelease {
  /** Name of the campaign. */
  campaign: string
  /** Whether the answers are invented. */
  demonstration: boolean
  /** YYYY-MM-DD, in Europe/Rome. */
  releasedOn: string
  /** SHA-256 in hexadecimal digits. */
  hash: string
  language: string
  /** The organization whose people are counted; null where everybody is. */
  organization: string | null
  tables: ToldTable[]
  themes: ToldTheme[]
}

/** What one measure came to. */
export interface ToldTable {
  /** Place among the measures, from 1. */
  position: number
  measure: string
  /** Code of the need area; null where the measure is a question. */
  needArea: string | null
  text: string
  answers: { name: string; text: string }[]
  groups: ToldGroup[]
}

/** How a group answered, or that it is not shown. */
export interface ToldGroup {
  /** Names of categories, by recode; empty for all. */
  dimensions: Record<string, string>
  /** The same in words; null for all. */
  text: string | null
  /** How many people belong to it; null where nobody knows. */
  population: number | null
  distribution: Shown<Distribution>
}

/** A critical theme; counts to the nearest five. */
export interface ToldTheme {
  /** Code of the need area. */
  needArea: string
  text: string
  respondents: number
  critical: number
  /** Per cent for whom it is critical, to a tenth. */
  percent: number
  /** Between 0 and 1; null where nobody knows how many people there are. */
  responseRate: number | null
  /** Ends of the 95 % Wilson interval, between 0 and 1. */
  low: number
  high: number
}

/** A release with what it was made from, as far as anybody may know it. */
export interface ReadRelease {
  document: Questionnaire
  plan: Plan
  thresholds: Thresholds
  /** The network's words for the need areas, by the name of the measure. */
  needAreas: ReadonlyMap<string, Text>
  release: ToldRelease
}

/**
 * Reads a release that is there, of everybody or of one organization, in the language that the questionnaire has for the one
 * that is asked for; null where there is none that this actor may read. Texts that lack it fall back to the default language.
 */
export async function readRelease(
  prisma: PrismaClient,
  actor: Actor,
  {
    releaseId,
    organizationId,
    language,
  }: { releaseId: string; organizationId: string | null; language: string | null },
): Promise<ReadRelease | null> {
  const release = await prisma.release.findFirst({
    where: { id: releaseId, status: 'released' },
    include: { campaign: { include: { surveyVersion: true } } },
  })
  if (release === null) return null
  const where = { releaseId, ...readableRows(actor, organizationId) }
  const tables = await prisma.resultTable.findMany({
    where,
    orderBy: { position: 'asc' },
    include: { needArea: true, organization: { select: { name: true } } },
  })
  if (tables.length === 0) return null
  const themes = await prisma.criticalTheme.findMany({
    where,
    orderBy: { position: 'asc' },
    include: { needArea: true },
  })

  const document = release.campaign.surveyVersion.document as unknown as Questionnaire
  const plan = release.campaign.plan as unknown as Plan
  const spoken = spokenLanguageOf(document, language)
  const say = (text: Text | undefined) => (text === undefined ? '' : textIn(text, spoken, document))
  const nameOf = (area: Named | null, code: string) => (area === null ? code : say(wordsOf(area)))
  const measures = new Map(measuresOf(document).map((measure) => [measure.name, measure]))
  const categories = new Map(plan.recodes.map((recode) => [recode.name, categoriesOf(document, recode)]))
  const sayCategory = (recode: string, category: string) =>
    say(categories.get(recode)?.find(({ name }) => name === category)?.text)

  return {
    document,
    plan,
    thresholds: release.campaign.thresholds as unknown as Thresholds,
    needAreas: new Map(
      tables.flatMap(({ measure, needArea }) => (needArea === null ? [] : [[measure, wordsOf(needArea)]])),
    ),
    release: {
      campaign: release.campaign.name,
      demonstration: release.campaign.demonstration,
      releasedOn: release.releasedOn!.toISOString().slice(0, 10),
      hash: Buffer.from(release.hash!).toString('hex'),
      language: spoken,
      organization: tables[0]!.organization?.name ?? null,
      tables: tables.map(({ position, measure: name, answers, results, needArea }) => {
        const measure = measures.get(name)
        return {
          position,
          measure: name,
          needArea: measure?.needArea ?? null,
          text: measure?.needArea === undefined ? say(measure?.text) : nameOf(needArea, measure.needArea),
          answers: answers.map((answer) => ({
            name: answer,
            text: say(measure?.answers.find((each) => each.name === answer)?.text) || answer,
          })),
          groups: (results as unknown as ReleasedGroup[]).map(({ group, population, distribution }) => {
            const dimensions = Object.fromEntries(
              Object.entries(group).filter(([dimension]) => dimension !== byCompany),
            )
            const words = Object.entries(dimensions).map(([recode, category]) => sayCategory(recode, category))
            return { dimensions, text: words.length === 0 ? null : words.join(', '), population, distribution }
          }),
        }
      }),
      themes: themes.map(({ needArea, needAreaCode, respondents, critical, permille, responseRate, low, high }) => ({
        ...{ needArea: needAreaCode, text: nameOf(needArea, needAreaCode), respondents, critical },
        ...{ percent: permille / 10, responseRate, low, high },
      })),
    },
  }
}

/** The language itself where a questionnaire has it, or else without its country, or else the questionnaire's default. */
function spokenLanguageOf({ languages, defaultLanguage }: Questionnaire, asked: string | null): string {
  const primary = asked?.split('-')[0]
  return languages.find((each) => each === asked) ?? languages.find((each) => each === primary) ?? defaultLanguage
}

/**
 * What a release doesn't tell of need areas: those whose numbers of its people as a whole are suppressed, and, where there is no
 * theme, of which it can be said that none is critical. A suppressed one may be critical or not, so it is said of all only
 * where there is none such, of the published ones where there are any, and else of none. Nothing is said of critical ones
 * where no need area was measured at all.
 */
export function untoldNeedAreas({ tables, themes }: Pick<ToldRelease, 'tables' | 'themes'>): {
  suppressed: { needArea: string; text: string }[]
  noneCritical: 'ofAll' | 'ofPublished' | null
  noneMeasured: boolean
} {
  const needAreas = tables.flatMap(({ needArea, text, groups }) => {
    const whole = groups.find(({ dimensions }) => Object.keys(dimensions).length === 0)
    return needArea === null || whole === undefined ? [] : [{ needArea, text, distribution: whole.distribution }]
  })
  const suppressed = needAreas.filter(({ distribution }) => 'suppressed' in distribution)
  const someArePublished = suppressed.length < needAreas.length
  const of = suppressed.length === 0 ? 'ofAll' : 'ofPublished'
  const noneCritical = themes.length === 0 && someArePublished ? of : null
  const noneMeasured = tables.every(({ needArea }) => needArea === null)
  return { suppressed, noneCritical, noneMeasured }
}

interface Named {
  nameIt: string
  nameEn: string | null
}

function wordsOf({ nameIt, nameEn }: Named): Text {
  return nameEn === null ? { it: nameIt } : { en: nameEn, it: nameIt }
}
