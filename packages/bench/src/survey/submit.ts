/**
 * `pnpm bench:submit`: how many answers a second are taken, beside a server that does nothing but verify the signature and
 * write, and how long the slowest wait, with 64 connections.
 */
import { constants, createPrivateKey, createPublicKey, randomBytes, sign } from 'node:crypto'
import { connect } from '@welfare-network/server/src/database/connect.ts'
import { applyMigrations } from '@welfare-network/server/src/database/migrate.ts'
import { encodeGlobalId } from '@welfare-network/server/src/graphql/global-id.ts'
import { Command } from 'commander'
import { start } from '../requests/child.ts'
import { withDatabase } from '../requests/database.ts'
import type { Load, Measured } from '../requests/load.ts'
import { median } from '../requests/report.ts'
import { fillCampaign, questions } from './fill-campaign.ts'

const { rounds, smoke } = new Command('bench:submit')
  .description('Measures how many answers a second are taken.')
  .option('--rounds <number>', 'how often both servers take answers', Number, 8)
  .option('--smoke', 'a few answers: whether it works, not how fast', false)
  .parse()
  .opts<{ rounds: number; smoke: boolean }>()

/** The least of the floor's rate. */
const bar = 0.6
const each = smoke ? 50 : 1_500
const concurrency = 64

const submit = `mutation ($input: SubmitResponseInput!) {
  submitResponse(input: $input) { ... on SubmittedResponse { counted } ... on Error { message } } }`

await withDatabase(async (url) => {
  const database = await connect({ url })
  await applyMigrations(database)
  await database.close()
  const filled = await fillCampaign(url, { responses: 0, companies: 1, status: 'open' })
  const [organizationId] = filled.organizations as [string]
  const key = createPrivateKey({ key: filled.privateKey, format: 'der', type: 'pkcs8' })
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64')
  const ids = { NETWORK: filled.networkId, CAMPAIGN: filled.campaignId, ORGANIZATION: organizationId }
  const servers = {
    'this server': start('../survey/servers/welfare-network.ts', { DATABASE_URL: url }),
    'verify and insert': start('../survey/servers/floor.ts', { DATABASE_URL: url, ...ids, PUBLIC_KEY: publicKey }),
  }
  const load = start('load.ts')
  try {
    const ports = new Map<string, number>()
    for (const [name, server] of Object.entries(servers)) ports.set(name, await server.hear<number>())
    const measured = new Map<string, Measured[]>(Object.keys(servers).map((name) => [name, []]))
    const run = async (name: string) => {
      const input = {
        campaign: encodeGlobalId('Campaign', filled.campaignId),
        organization: encodeGlobalId('Organization', organizationId),
      }
      const bodies = Array.from({ length: each }, () => bodyOf(input))
      const asked: Load = { port: ports.get(name)!, path: '/graphql', bodies, requests: each, concurrency }
      load.process.send(asked)
      return load.hear<Measured>()
    }
    const names = Object.keys(servers)
    for (const name of names) await run(name)
    for (let round = 0; round < (smoke ? 1 : rounds); round += 1) {
      for (const name of round % 2 === 0 ? names : names.toReversed()) measured.get(name)!.push(await run(name))
    }
    for (const [name, runs] of measured) {
      const rate = median(runs.map(({ requestsPerSecond }) => requestsPerSecond)).toFixed(0)
      const [p50, p99] = [runs.map(({ p50 }) => p50), runs.map(({ p99 }) => p99)].map((times) =>
        median(times).toFixed(1),
      )
      console.log(`${name}: ${rate} answers a second, p50 ${p50} ms, p99 ${p99} ms, ${concurrency} connections`)
    }
    const [ours, floor] = names.map((name) => measured.get(name)!) as [Measured[], Measured[]]
    const ratio = median(
      ours.map(({ requestsPerSecond }, round) => requestsPerSecond / floor[round]!.requestsPerSecond),
    )
    const counted = await countResponses(url)
    const expected = 2 * each * (1 + (smoke ? 1 : rounds))
    if (counted !== expected) throw new Error(`${counted} answers were counted, and ${expected} sent.`)
    console.log(
      `${smoke ? 'measured' : ratio >= bar ? 'reached ' : 'MISSED  '}  ${ratio.toFixed(2)} of the floor, at least ${bar}`,
    )
    if (!smoke && ratio < bar) process.exitCode = 1
  } finally {
    await load.stop()
    for (const server of Object.values(servers)) await server.stop()
  }

  function bodyOf(input: object): string {
    const message = randomBytes(64)
    const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 48 }
    const signature = sign('sha384', message, { key, ...padding })
    const credential = { message: message.toString('base64'), signature: signature.toString('base64') }
    const answers = Object.fromEntries(Array.from({ length: questions }, (_, index) => [`q${index}`, 1 + (index % 5)]))
    return JSON.stringify({ query: submit, variables: { input: { ...input, credential, answers } } })
  }
})

async function countResponses(url: string): Promise<number> {
  const { prisma, close } = await connect({ url })
  return prisma.response.count().finally(close)
}
