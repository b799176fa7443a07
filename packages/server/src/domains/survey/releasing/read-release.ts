/** A release as it is handed out: in words, by whoever may read it. */
import type { Actor } from '../../../actor.ts'
import type { PrismaClient } from '../../../generated/prisma/client.ts'
import { byCompany } from '../disclosure/counted-tables.ts'
import type { Distribution, Shown } from '../disclosure/publish.ts'
import { measuresOf } from '../questionnaire/measures.ts'
import { type Questionnaire, type Text, textIn } from '../questionnaire/model.ts'
import type { Plan } from './plan.ts'
import { readableRows } from './readable-by.ts'
import type { ReleasedGroup } from './release-results.ts'

export interface ToldRelease {
  campaign: string
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

export interface ToldTable {
  /** Place among the measures, from 1. */
  position: number
  measure: string
  text: string
  answers: { name: string; text: string }[]
  groups: ToldGroup[]
}

export interface ToldGroup {
  /** Names of categories, by recode; empty for all. */
  dimensions: Record<string, string>
  /** The same in words; null for all. */
  text: string | null
  population: number | null
  distribution: Shown<Distribution>
}

export interface ToldTheme {
  needArea: string
  text: string
  respondents: number
  critical: number
  percent: number
  responseRate: number | null
  low: number
  high: number
}

/**
 * Reads a release that is there, of everybody or of one organization, in a language; null where there is none that this
 * actor may read. The texts fall back to the questionnaire's default language.
 */
export async function readRelease(
  prisma: PrismaClient,
  actor: Actor,
  {
    releaseId,
    organizationId,
    language,
  }: { releaseId: string; organizationId: string | null; language: string | null },
): Promise<{ document: Questionnaire; release: ToldRelease } | null> {
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
  const { recodes } = release.campaign.plan as unknown as Plan
  const spoken = language ?? document.defaultLanguage
  const say = (text: Text | undefined) => (text === undefined ? '' : textIn(text, spoken, document))
  const nameOf = (area: { nameIt: string; nameEn: string | null } | null, code: string) =>
    area === null ? code : spoken === 'it' ? area.nameIt : (area.nameEn ?? area.nameIt)
  const measures = new Map(measuresOf(document).map((measure) => [measure.name, measure]))
  const sayCategory = (recode: string, category: string) => {
    const categories = recodes.find(({ name }) => name === recode)?.categories ?? []
    const found = categories.find(({ name }) => name === category)
    return found === undefined ? unstated[spoken === 'it' ? 'it' : 'en'] : say(found.text)
  }

  return {
    document,
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

const unstated = { it: 'non indicato', en: 'not stated' }
