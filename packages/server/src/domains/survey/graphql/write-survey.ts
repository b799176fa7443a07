/** How surveys are written: a version after the other. */
import { builder } from '../../../graphql/builder.ts'
import type { Context } from '../../../graphql/context.ts'
import { expectedVersion, idempotencyKey, readId, refuseGone, repeatKey } from '../../../graphql/mutation-input.ts'
import { refusing } from '../../../graphql/problems.ts'
import { rightToRun, surveyRunners } from '../right-to-run.ts'
import { addSurveyVersion, changeSurveyVersion, createSurvey } from '../running/surveys.ts'
import { Survey, SurveyVersion } from './campaign.ts'
import { change, create, findVersion, owned, unknown } from './run-by-right.ts'

const questionnaireDescription = 'The questionnaire: a document as its JSON Schema describes it.'

const CreateSurveyInput = builder.inputType('CreateSurveyInput', {
  description: 'The survey to make, with its first version.',
  fields: (t) => ({
    idempotencyKey: t.string(idempotencyKey),
    organization: t.id({ required: true, description: 'Global id of the organization that runs it.' }),
    name: t.string({ required: true, description: 'What those who run it call it, in 1 to 200 characters.' }),
    questionnaire: t.field({ type: 'JSONObject', required: true, description: questionnaireDescription }),
  }),
})

const CreateSurveyVersionInput = builder.inputType('CreateSurveyVersionInput', {
  description: 'The version to add to a survey.',
  fields: (t) => ({
    idempotencyKey: t.string(idempotencyKey),
    survey: t.id({ required: true, description: 'Global id of the survey.' }),
    questionnaire: t.field({ type: 'JSONObject', required: true, description: questionnaireDescription }),
  }),
})

const ChangeSurveyVersionInput = builder.inputType('ChangeSurveyVersionInput', {
  description: 'What is to become of a version that no campaign uses yet.',
  fields: (t) => ({
    idempotencyKey: t.string(repeatKey),
    surveyVersion: t.id({ required: true, description: 'Global id of the version.' }),
    expectedVersion: t.int(expectedVersion),
    questionnaire: t.field({ type: 'JSONObject', required: true, description: questionnaireDescription }),
  }),
})

builder.mutationFields((t) => ({
  createSurvey: t.prismaField({
    authScopes: surveyRunners,
    type: Survey,
    description: 'Makes a survey, with its first version. For who runs surveys of the organization.',
    args: { input: t.arg({ type: CreateSurveyInput, required: true, description: 'The survey.' }) },
    errors: refusing('CreateSurvey', 'The survey, or why there is none.'),
    resolve: async (query, _parent, { input }, context) => {
      const organizationId = readId('Organization', input.organization, ['organization'])
      const owner = await findOwner(context, organizationId)
      const id = await create(context, 'createSurvey', input, owner, 'survey.create', (tx) =>
        createSurvey(tx, { ...owner, name: input.name, questionnaire: input.questionnaire }),
      )
      return (await context.prisma.survey.findUnique({ ...query, where: { id } })) ?? refuseGone()
    },
  }),
  createSurveyVersion: t.prismaField({
    authScopes: surveyRunners,
    type: SurveyVersion,
    description: 'Adds a version to a survey, which is its newest from now on. For who runs it.',
    args: { input: t.arg({ type: CreateSurveyVersionInput, required: true, description: 'The version.' }) },
    errors: refusing('CreateSurveyVersion', 'The version, or why there is none.'),
    resolve: async (query, _parent, { input }, context) => {
      const survey = await context.prisma.survey.findUnique({
        where: { id: readId('Survey', input.survey, ['survey']) },
      })
      const run = owned(context, survey, ['survey'])
      const id = await create(context, 'createSurveyVersion', input, run, 'survey_version.create', (tx) =>
        addSurveyVersion(tx, run, input.questionnaire),
      )
      return (await context.prisma.surveyVersion.findUnique({ ...query, where: { id } })) ?? refuseGone()
    },
  }),
  changeSurveyVersion: t.prismaField({
    authScopes: surveyRunners,
    type: SurveyVersion,
    description: 'Writes a version of a survey anew that no campaign uses yet. For who runs it.',
    args: { input: t.arg({ type: ChangeSurveyVersionInput, required: true, description: 'What changes.' }) },
    errors: refusing('ChangeSurveyVersion', 'The version as it is now, or why it stays as it was.'),
    resolve: async (query, _parent, { input }, context) => {
      const id = readId('SurveyVersion', input.surveyVersion, ['surveyVersion'])
      const version = await findVersion(context, id, ['surveyVersion'])
      await change(context, 'changeSurveyVersion', input, version, 'survey_version.change', (tx) =>
        changeSurveyVersion(tx, { ...version, expectedVersion: input.expectedVersion }, input.questionnaire),
      )
      return context.prisma.surveyVersion.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
}))

async function findOwner({ prisma, actor }: Context, organizationId: string) {
  const found = await prisma.organization.findUnique({ where: { id: organizationId }, select: { networkId: true } })
  const owner = found && { networkId: found.networkId, organizationId }
  const doer = owner && rightToRun(actor, owner)
  if (!doer) throw unknown(['organization'])
  return { ...owner, doer }
}
