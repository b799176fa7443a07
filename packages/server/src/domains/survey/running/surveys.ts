/** Surveys and the versions of their questionnaires. */
import type { Transaction } from '../../../database/connect.ts'
import { expectVersion } from '../../../database/expect-version.ts'
import type { Prisma, Survey, SurveyVersion } from '../../../generated/prisma/client.ts'
import { Refused } from '../../../refused.ts'
import { longestName, requireWords } from '../../network/words.ts'
import { readQuestionnaire } from '../questionnaire/read-questionnaire.ts'
import { FlawsRefused } from '../refuse-flaws.ts'

/** A survey to be made. */
export interface SurveyDraft {
  /** Row key of the network (tenant). */
  networkId: string
  /** Row key of the organization that runs it. */
  organizationId: string
  /** What those who run it call it. */
  name: string
  /** The questionnaire of its first version, as {@link readQuestionnaire} reads it. */
  questionnaire: unknown
}

/** Makes a survey with its first version. Throws a {@link Refused} with every flaw of the questionnaire. */
export async function createSurvey(
  tx: Transaction,
  draft: SurveyDraft,
): Promise<Survey & { versions: SurveyVersion[] }> {
  const { networkId, organizationId, questionnaire } = draft
  const name = requireWords('name', draft.name, longestName)
  const document = await checkQuestionnaire(tx, networkId, questionnaire)
  return tx.survey.create({
    data: { networkId, organizationId, name, versions: { create: { networkId, number: 1, document } } },
    include: { versions: true },
  })
}

/** Adds a version, which is the newest from now on. Throws a {@link Refused} with every flaw of the questionnaire. */
export async function addSurveyVersion(
  tx: Transaction,
  survey: { id: string; networkId: string },
  questionnaire: unknown,
): Promise<SurveyVersion> {
  const { id: surveyId, networkId } = survey
  const document = await checkQuestionnaire(tx, networkId, questionnaire)
  // Of two that add one at once, the second counts the first's.
  await tx.$queryRaw`SELECT FROM survey WHERE id = ${surveyId}::uuid FOR UPDATE`
  const { _max } = await tx.surveyVersion.aggregate({ where: { surveyId }, _max: { number: true } })
  return tx.surveyVersion.create({ data: { networkId, surveyId, number: (_max.number ?? 0) + 1, document } })
}

/** Writes a version anew; not once a campaign uses it. Throws a {@link Refused}, also where somebody else changed it meanwhile. */
export async function changeSurveyVersion(
  tx: Transaction,
  version: { id: string; networkId: string; expectedVersion: number },
  questionnaire: unknown,
): Promise<void> {
  const { id, networkId } = version
  await expectVersion(tx, 'survey_version', id, version.expectedVersion)
  if ((await tx.campaign.count({ where: { surveyVersionId: id } })) > 0) {
    const message = 'surveyVersion: a campaign uses it, so it stands still. Make another version.'
    throw new Refused('VERSION_USED', message, ['surveyVersion'])
  }
  const document = await checkQuestionnaire(tx, networkId, questionnaire)
  await tx.surveyVersion.update({ where: { id }, data: { document } })
}

async function checkQuestionnaire(tx: Transaction, networkId: string, questionnaire: unknown) {
  const areas = await tx.needArea.findMany({ where: { networkId }, select: { code: true } })
  const read = readQuestionnaire(questionnaire, new Set(areas.map(({ code }) => code)))
  if ('flaws' in read) throw new FlawsRefused('QUESTIONNAIRE_INVALID', ['questionnaire'], read.flaws)
  return read.questionnaire as unknown as Prisma.InputJsonObject
}
