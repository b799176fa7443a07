/** Surveys, their versions, and the campaigns that ask them. */
import DataLoader from 'dataloader'
import type { Actor } from '../../../actor.ts'
import { CampaignStatus } from '../../../generated/prisma/client.ts'
import { builder } from '../../../graphql/builder.ts'
import { connectionOf } from '../../../graphql/connection.ts'
import { perRequest } from '../../../graphql/context.ts'
import { everyone } from '../../../graphql/permissions.ts'
import type { Owned } from '../../access/administers.ts'
import type { Thresholds } from '../disclosure/thresholds.ts'
import { rightToRun, surveyRunners } from '../right-to-run.ts'
import { firstDay, lastDay } from '../running/campaign-days.ts'

const runs = (actor: Actor, owned: Owned) => rightToRun(actor, owned) !== undefined

/** For who runs the survey, and for who runs surveys of the organization that is asked. */
const runsSurveyOf = (
  { networkId, organizationId, campaign }: Owned & { campaign: { organizationId: string } },
  _args: object,
  { actor }: { actor: Actor },
) => runs(actor, { networkId, organizationId }) || runs(actor, { networkId, organizationId: campaign.organizationId })

export const Survey = builder.prismaNode('Survey', {
  authScopes: (survey, { actor }) => runs(actor, survey),
  id: { field: 'id' },
  select: { id: true, networkId: true, organizationId: true },
  nullable: true,
  fields: (t) => ({
    name: t.exposeString('name'),
    recordVersion: t.exposeInt('recordVersion'),
    organization: t.relation('organization', { description: 'The organization that runs it.' }),
    versions: t.relation('versions', {
      description: 'Its versions, the newest first.',
      query: { orderBy: { number: 'desc' } },
    }),
  }),
})

export const SurveyVersion = builder.prismaNode('SurveyVersion', {
  authScopes: ({ survey }, { actor }) => runs(actor, survey),
  id: { field: 'id' },
  select: { id: true, survey: { select: { networkId: true, organizationId: true } } },
  nullable: true,
  fields: (t) => ({
    number: t.exposeInt('number'),
    recordVersion: t.exposeInt('recordVersion'),
    survey: t.relation('survey', { description: 'The survey.' }),
    questionnaire: t.field({
      type: 'JSONObject',
      select: { document: true },
      description: 'The questionnaire, as its JSON Schema describes it.',
      resolve: ({ document }) => document as object,
    }),
    campaigns: t.relation('campaigns', {
      description: 'The campaigns that ask it, the newest first.',
      query: { orderBy: [{ opensAt: 'desc' }, { id: 'desc' }] },
    }),
  }),
})

const Status = builder.enumType('CampaignStatus', {
  description: 'Where a campaign stands.',
  values: {
    DRAFT: { value: CampaignStatus.draft, description: 'Being written; only who runs it sees it.' },
    OPEN: { value: CampaignStatus.open, description: 'What it asks stands still; answers are taken in its time.' },
    CLOSED: { value: CampaignStatus.closed, description: 'No more answers are taken; nothing is known yet.' },
    RELEASED: { value: CampaignStatus.released, description: 'Its results are there.' },
  },
})

const CampaignThresholds = builder.objectRef<Thresholds>('CampaignThresholds').implement({
  authScopes: everyone,
  description: 'Below which numbers of respondents nothing is shown.',
  fields: (t) => ({
    least: t.exposeInt('least', { description: 'Fewest respondents of a distribution that is shown.' }),
    leastOfHealth: t.exposeInt('leastOfHealth', { description: 'The same for questions about health.' }),
  }),
})

interface Participation {
  campaignId: string
  organizationId: string
  respondents: number | null
}

/** How many answered, by campaign and organization: asked once for all organizations of a campaign. */
const participation = perRequest(
  ({ prisma }) =>
    new DataLoader(async (campaigns: readonly string[]) => {
      const rows = await prisma.$queryRaw<Participation[]>`
        SELECT campaign_id::text AS "campaignId", organization_id::text AS "organizationId", respondents
        FROM count_participation(${[...campaigns]}::uuid[])`
      const byCampaign = Map.groupBy(rows, ({ campaignId }) => campaignId)
      return campaigns.map(
        (id) => new Map(byCampaign.get(id)?.map(({ organizationId, respondents }) => [organizationId, respondents])),
      )
    }),
)

export const CampaignOrganization = builder.prismaObject('CampaignOrganization', {
  authScopes: everyone,
  select: {
    networkId: true,
    campaignId: true,
    organizationId: true,
    campaign: { select: { organizationId: true } },
  },
  fields: (t) => ({
    campaign: t.relation('campaign', { description: 'The campaign.' }),
    organization: t.relation('organization', { description: 'The organization.' }),
    headCount: t.exposeInt('headCount'),
    publicKey: t.field({
      type: 'String',
      select: { publicKey: true },
      description:
        'Public key of the blind signatures (RFC 9474, RSABSSA-SHA384-PSS-Randomized) for its people: SPKI in DER, base64.',
      resolve: ({ publicKey }) => Buffer.from(publicKey).toString('base64'),
    }),
    invitationsMade: t.exposeInt('invitationsMade', {
      nullable: true,
      authScopes: runsSurveyOf,
      description:
        'How many invitations were made for its people: headCount at most, one for each. For whom `respondents` is; null for ' +
        'everybody else.',
    }),
    respondents: t.int({
      nullable: true,
      authScopes: runsSurveyOf,
      description:
        'How many have answered, to the five below; null below the threshold. For who runs the survey, and for who runs ' +
        'surveys of this organization; null for everybody else.',
      complexity: 20,
      resolve: async ({ campaignId, organizationId }, _args, context) =>
        (await participation(context).load(campaignId)).get(organizationId) ?? null,
    }),
  }),
})

/** Questionnaires, by the version: asked once for all campaigns, for they are long. */
const questionnaires = perRequest(
  ({ prisma }) =>
    new DataLoader(async (ids: readonly string[]) => {
      const found = await prisma.surveyVersion.findMany({ where: { id: { in: [...ids] } } })
      const documents = new Map(found.map(({ id, document }) => [id, document as object]))
      return ids.map((id) => documents.get(id)!)
    }),
)

export const Campaign = builder.prismaNode('Campaign', {
  authScopes: (campaign, { actor }) => campaign.status !== 'draft' || runs(actor, campaign),
  id: { field: 'id' },
  select: {
    id: true,
    networkId: true,
    organizationId: true,
    status: true,
  },
  nullable: true,
  fields: (t) => ({
    name: t.exposeString('name'),
    status: t.field({
      type: Status,
      select: { status: true },
      description: 'Where it stands.',
      resolve: ({ status }) => status,
    }),
    opensOn: t.field({
      type: 'Date',
      select: { opensAt: true },
      description: 'First day on which answers are taken, in Europe/Rome: the day of opensAt.',
      resolve: ({ opensAt }) => firstDay(opensAt),
    }),
    closesOn: t.field({
      type: 'Date',
      select: { closesAt: true },
      description:
        'Last day on which answers are taken, in Europe/Rome: the day of the last moment before closesAt. It stays where the ' +
        'campaign is closed earlier.',
      resolve: ({ closesAt }) => lastDay(closesAt),
    }),
    opensAt: t.expose('opensAt', { type: 'DateTime' }),
    closesAt: t.expose('closesAt', { type: 'DateTime' }),
    demonstration: t.exposeBoolean('demonstration'),
    recordVersion: t.exposeInt('recordVersion'),
    organization: t.relation('organization', { description: 'The organization that runs it.' }),
    questionnaire: t.field({
      type: 'JSONObject',
      select: { surveyVersionId: true },
      description: 'What is asked: a questionnaire, as its JSON Schema describes it.',
      resolve: ({ surveyVersionId }, _args, context) => questionnaires(context).load(surveyVersionId),
    }),
    plan: t.field({
      type: 'JSONObject',
      select: { plan: true },
      description: 'The release plan: which tables will be shown. It stands still from the opening on.',
      resolve: ({ plan }) => plan as object,
    }),
    thresholds: t.field({
      type: CampaignThresholds,
      select: { thresholds: true },
      description: 'Below which numbers nothing is shown. They stand still from the opening on.',
      resolve: ({ thresholds }) => thresholds as unknown as Thresholds,
    }),
    organizations: t.relation('organizations', {
      description: 'The organizations whose people are asked.',
      query: { orderBy: { organizationId: 'asc' } },
    }),
    release: t.relation('release', {
      nullable: true,
      description: 'Its release; null while nobody has asked for it.',
    }),
    earlierCampaign: t.relation('earlierCampaign', {
      nullable: true,
      description: 'The wave before, with which this one is compared.',
    }),
  }),
})

const surveys = connectionOf(Survey, 'Survey', 'surveys', surveyRunners)
const campaigns = connectionOf(Campaign, 'Campaign', 'campaigns')

builder.prismaObjectFields('Network', (t) => ({
  campaigns: t.relatedConnection(
    'campaigns',
    {
      description: 'Its campaigns that were opened, the newest first.',
      cursor: 'id',
      totalCount: true,
      query: { where: { status: { not: 'draft' } }, orderBy: [{ opensAt: 'desc' }, { id: 'desc' }] },
    },
    campaigns,
  ),
  surveys: t.relatedConnection(
    'surveys',
    {
      authScopes: ({ id }, _args, { actor }) => runBy(actor).some(({ networkId }) => networkId === id),
      description:
        'Surveys of the organizations for which the caller runs them, the newest first; of all, for coordinators.',
      cursor: 'id',
      totalCount: true,
      query: (_args, { actor }) => ({ where: { OR: runBy(actor) }, orderBy: { id: 'desc' } }),
    },
    surveys,
  ),
}))

/** Which surveys somebody runs. */
function runBy(actor: Actor) {
  if (actor.kind === 'partner') {
    const { networkId, organizationId, scopes } = actor
    if (scopes.has('network_coordinate')) return [{ networkId }]
    return scopes.has('survey_run') ? [{ networkId, organizationId }] : []
  }
  if (actor.kind !== 'staff') return []
  return actor.roles.flatMap(({ role, networkId, organizationId }) => {
    if (role === 'network_coordinator') return [{ networkId }]
    return role === 'organization_admin' && organizationId !== null ? [{ networkId, organizationId }] : []
  })
}
