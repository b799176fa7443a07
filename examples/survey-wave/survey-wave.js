// Runs a wave of a survey with invented people, from the questionnaire to the critical themes. See README.md for the start.
import { randomInt, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { createClient } from '@welfare-network/sdk'
import { openInvitation } from '@welfare-network/sdk/survey'

const endpoint = process.env.WELFARE_NETWORK_API ?? 'http://localhost:4000/graphql'
const key = process.env.WELFARE_NETWORK_KEY
if (key === undefined) throw new Error('WELFARE_NETWORK_KEY: give the API key of a coordinator; README.md says how.')
const questionnaire = JSON.parse(readFileSync(new URL('questionnaire.json', import.meta.url), 'utf8'))

const network = 'alba-bra'
const coordinator = createClient({ endpoint, network, headers: { authorization: `Bearer ${key}` } })
const anybody = createClient({ endpoint, network })

/** Sends a mutation whose input is `type`, and returns what it made; throws what it refuses. */
async function change(name, type, shown, input) {
  const document = `mutation ($input: ${type}!) { ${name}(input: $input) { ${shown} ... on Error { message } } }`
  const { [name]: made } = await coordinator.request(document, { input })
  if (made.message !== undefined) throw new Error(`${name}: ${made.message}`)
  return made
}

/** A day on the calendar in Italy, so many days from now: YYYY-MM-DD. */
function dayInItaly(daysToCome) {
  const moment = new Date(Date.now() + daysToCome * 24 * 60 * 60 * 1000)
  return moment.toLocaleDateString('sv-SE', { timeZone: 'Europe/Rome' })
}

// Build: the survey, and a campaign that asks the people of four members.
const { members } = await coordinator.network()
const lead = members.nodes.find(({ role }) => role === 'LEAD').organization
const companies = members.nodes.filter(({ role }) => role === 'MEMBER').slice(0, 4)
const sizes = [80, 60, 50, 40]

const survey = await change('createSurvey', 'CreateSurveyInput', '... on Survey { versions { id } }', {
  idempotencyKey: randomUUID(),
  organization: lead.id,
  name: 'Benessere in breve',
  questionnaire,
})
const { id: campaign } = await change('createCampaign', 'CreateCampaignInput', '... on Campaign { id }', {
  idempotencyKey: randomUUID(),
  surveyVersion: survey.versions[0].id,
  name: 'Prova',
  opensOn: dayInItaly(0),
  closesOn: dayInItaly(7),
  plan: { recodes: [], tables: [['company']], companies: 'own' },
  demonstration: true,
})
let version = 0
for (const [index, { organization }] of companies.entries()) {
  const input = { campaign, organization: organization.id, headCount: sizes[index] }
  version = (await change('askOrganization', 'AskOrganizationInput', '... on Campaign { recordVersion }', input))
    .recordVersion
}
const known = { campaign, expectedVersion: version }
const open = await change('openCampaign', 'KnownCampaignInput', '... on Campaign { recordVersion }', known)

// Invite: codes on paper, one for each person, and nobody notes who was given which.
// Answer: two of three do, each in a browser of their own. A page waits before it sends, so that the hour does not tell who it
// was; these people are invented, so here a clock passes the time.
const clock = { wait: async () => {} }
const credentials = []
for (const [index, { organization }] of companies.entries()) {
  const input = { idempotencyKey: randomUUID(), campaign, organization: organization.id, count: sizes[index] }
  const codes = await coordinator.mintInvitations(input)
  for (const code of codes.slice(0, Math.round((2 / 3) * sizes[index]))) {
    const invitation = await openInvitation(code, { endpoint, clock })
    credentials.push(await invitation.redeem())
  }
}
// In another order than they redeemed, and a second later at least: that much is waited for by whatever clock.
for (const credential of credentials.toReversed())
  await credential.submit({ time: randomInt(3, 6), way: randomInt(1, 6), money: randomInt(1, 4) })
for (const { organization, headCount, respondents } of await coordinator.participation(campaign))
  console.log(`${organization.name}: at least ${respondents} of ${headCount} answered`)

// Close, and release: the server makes it within a minute.
await change('closeCampaign', 'KnownCampaignInput', '... on Campaign { id }', {
  campaign,
  expectedVersion: open.recordVersion,
})
await change('releaseResults', 'ReleaseResultsInput', '... on Campaign { id }', { campaign })
let themes = await anybody.criticalThemes(campaign)
for (; themes === null; themes = await anybody.criticalThemes(campaign)) await pause(1_000)

console.log('\nCritical for most:')
for (const { needAreaCode, needArea, percent, respondents, interval } of themes) {
  const range = [interval.low, interval.high].map((share) => Math.round(100 * share)).join('–')
  console.log(`  ${needArea?.name ?? needAreaCode}: ${percent} % of ${respondents} (${range} %)`)
}
