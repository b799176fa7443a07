/** A server dies while people hand in their answers: nothing is lost, nothing counts twice, and no credential is spent for nothing. */
import { expect, inject, onTestFinished, test } from 'vitest'
import { connect, type Database, type DatabasePlace } from '../../../database/connect.ts'
import { encodeGlobalId } from '../../../graphql/global-id.ts'
import { passingSecrets } from '../../../secrets.ts'
import { obtainCredential } from '../../../testing/answer-survey.ts'
import { draftCampaign, makeNetwork, makeSurveyVersion, openFor } from '../../../testing/build-campaign.ts'
import { wellbeing } from '../../../testing/closed-campaign.ts'
import { settingsFor } from '../../../testing/run-process.ts'
import { askServer, killBeforeAnswer, killServer, runServer } from '../../../testing/run-server.ts'
import { someoneWaits } from '../../../testing/someone-waits.ts'
import { asOwner, copyTemplate } from '../../../testing/test-database.ts'
import { mintInvitations, redeemInvitation } from './invitations.ts'

const { server: postgres } = inject('templates')
const hour = 3_600_000
const counted = { submitResponse: { counted: true } }

test('killed between the commit and the answer: all is there, and the repeat is answered as the first would have been', async () => {
  const { place, people } = await invite(1)
  const server = await runServer(settingsFor(place))
  const isCommitted = async (beside: Database) => (await readStored(beside)).responses.length === 1
  await killBeforeAnswer(place, server, people[0]!.submitTo(server.address), isCommitted)
  const { responses, spent } = await lookInto(place)
  expect([responses.length, spent]).toEqual([1, 1])
  await letAllRepeat(place, people)
})

test('killed while many hand in their answers: each with its credential or not at all, and the repeats count once', async () => {
  const { place, people } = await invite(20)
  const server = await runServer(settingsFor(place))
  const sent = people.map(({ submitTo }) => submitTo(server.address))
  // With the first answer the others are anywhere on their way.
  await Promise.any(sent)
  await killServer(server)
  const answered = (await Promise.allSettled(sent)).filter(({ status }) => status === 'fulfilled').length
  const { responses, spent } = await lookInto(place)
  expect(responses).toHaveLength(spent)
  expect(spent).toBeGreaterThanOrEqual(answered)
  await letAllRepeat(place, people)
})

if (postgres === null)
  console.warn('skipped: no TEST_DATABASE_URL, so a statement that waits while its server dies is not tested')

test.skipIf(postgres === null)(
  'killed before the commit, a statement that goes on without its server counts, and the repeat meanwhile does not',
  async () => {
    const { place, people } = await invite(1)
    const { beside, other, release } = await killWhileItWaits(place, people[0]!)
    const repeated = people[0]!.submitTo(other.address)
    await someoneWaits(beside, 2)
    await release()
    expect(await repeated).toEqual(counted)
    await other.stop()
    await letAllRepeat(place, people)
  },
)

test.skipIf(postgres === null)(
  'killed before the commit, a statement that ends with its server leaves nothing, and the repeat counts',
  async () => {
    const { place, people } = await invite(1)
    const { beside, other, release } = await killWhileItWaits(place, people[0]!)
    await beside.prisma.$queryRaw`
      SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted AND relation = 'response'::regclass`
    await release()
    expect(await readStored(beside)).toEqual({ responses: [], spent: 0 })
    expect(await people[0]!.submitTo(other.address)).toEqual(counted)
    await other.stop()
    await letAllRepeat(place, people)
  },
)

/**
 * Kills a server that has spent the credential of somebody and waits to store the response, because somebody else has the table,
 * until `release`. Another server runs.
 */
async function killWhileItWaits(place: DatabasePlace, { submitTo }: Person) {
  const [server, other] = await Promise.all([runServer(settingsFor(place)), runServer(settingsFor(place))])
  const beside = await connect(place)
  onTestFinished(() => beside.close())
  const [held, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const holding = beside.prisma.$transaction(
    async (tx) => {
      await tx.$executeRaw`LOCK TABLE response IN SHARE MODE`
      held.resolve()
      await released.promise
    },
    { timeout: 20_000 },
  )
  await held.promise
  const sent = submitTo(server.address).catch(() => {})
  await someoneWaits(beside)
  await killServer(server)
  await sent
  const release = async () => {
    released.resolve()
    await holding
  }
  return { beside, other, release }
}

interface Person {
  submitTo: (address: string) => Promise<unknown>
  /** What they answer, as it is stored. */
  values: number[]
}

/** A database with a campaign that is open, and people who have a credential each and are about to hand in their answers. */
async function invite(count: number): Promise<{ place: DatabasePlace; people: Person[] }> {
  const { place, remove } = await copyTemplate('empty')
  onTestFinished(remove)
  const database = await connect(place)
  const { prisma } = database
  const secrets = passingSecrets()
  const now = new Date()
  const network = await makeNetwork(database, 1)
  const organizationId = network.organizations[0]!
  const version = await makeSurveyVersion(database, network, wellbeing)
  const times = { opensAt: new Date(now.getTime() - hour), closesAt: new Date(now.getTime() + hour) }
  const campaignId = await draftCampaign(database, { ...version, ...times })
  await openFor(database, secrets, campaignId, [{ organizationId, headCount: count }], now)

  const codes = await mintInvitations(prisma, { campaignId, organizationId, count })
  const { publicKey } = await prisma.campaignOrganization.findFirstOrThrow({ where: { campaignId } })
  const people: Person[] = []
  for (const [index, code] of codes.entries()) {
    const { message, signature } = await obtainCredential(publicKey, async (blindedMessage) => {
      const redemption = { campaignId, code, blindedMessage }
      return (await redeemInvitation(prisma, secrets, redemption, now)).blindSignature
    })
    const [genere, stress, cura] = [1 + (index % 2), 1 + (index % 5), 1 + (Math.floor(index / 5) % 5)]
    const input = {
      campaign: encodeGlobalId('Campaign', campaignId),
      organization: encodeGlobalId('Organization', organizationId),
      credential: { message: toBase64(message), signature: toBase64(signature) },
      answers: { genere, stress, cura },
    }
    people.push({
      submitTo: (address) => askServer(address, submission, { variables: { input } }),
      values: [genere, stress, cura],
    })
  }
  await database.close()
  return { place, people }
}

const submission = `mutation ($input: SubmitResponseInput!) {
  submitResponse(input: $input) { ... on SubmittedResponse { counted } ... on Error { message } } }`
const toBase64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

/** A server is there again: all hand in what they did, as often as they like, and then it is there once. */
async function letAllRepeat(place: DatabasePlace, people: Person[]) {
  const { address, stop } = await runServer(settingsFor(place))
  for (const { submitTo } of [...people, people[0]!]) expect(await submitTo(address)).toEqual(counted)
  await stop()
  const { responses, spent } = await lookInto(place)
  expect(responses.toSorted()).toEqual(people.map(({ values }) => values.join()).toSorted())
  expect(spent).toBe(people.length)
}

async function lookInto(place: DatabasePlace) {
  const database = await connect(place)
  const stored = await readStored(database)
  await database.close()
  return stored
}

function readStored(database: Database) {
  return asOwner(database, async (tx) => ({
    responses: (await tx.response.findMany({ select: { answers: true } })).map(({ answers }) => answers.join()),
    spent: await tx.spentCredential.count(),
  }))
}
