/**
 * `pnpm bench:release`: how long the release of a campaign takes, beside the plain GROUP BY over the same answers, which is the
 * least that counting them takes; how it grows with the answers, how much memory the process holds, and that reading what was
 * released doesn't grow.
 */
import { connect } from '@welfare-network/server/src/database/connect.ts'
import { readRelease } from '@welfare-network/server/src/domains/survey/releasing/read-release.ts'
import { encodeGlobalId } from '@welfare-network/server/src/graphql/global-id.ts'
import { Command } from 'commander'
import { Client } from 'pg'
import { withDatabase } from '../requests/database.ts'
import { median } from '../requests/report.ts'
import { runCommand } from '../scale/run-command.ts'
import { fillCampaign } from './fill-campaign.ts'

const { responses, companies, rounds, smoke } = new Command('bench:release')
  .description('Times the release of a campaign and the plain GROUP BY over its answers.')
  .option('--responses <numbers>', 'how many answers, several with commas', '10000,100000,1000000')
  .option('--companies <number>', 'how many companies', Number, 200)
  .option('--rounds <number>', 'how often both are timed', Number, 3)
  .option('--smoke', 'a few answers: whether it works, not how fast', false)
  .parse()
  .opts<{ responses: string; companies: number; rounds: number; smoke: boolean }>()

/**
 * The most that a release may take of the plain GROUP BY, the most memory that the process may hold, and the most that reading
 * what was released of the most answers may take of the same of the fewest: as long, but for the noise.
 */
const bars = { ratio: 3, memory: 512 * 1024 ** 2, reading: 1.5 }

const sizes = smoke ? [2_000] : responses.split(',').map(Number)
const seconds = new Map<number, number>()
const reading = new Map<number, number>()

for (const size of sizes) {
  await withDatabase(async (url) => {
    await runCommand(url, 'migrate')
    const { campaignId, closing } = await fillCampaign(url, {
      responses: size,
      companies: smoke ? 8 : companies,
      status: 'closed',
    })
    const campaign = encodeGlobalId('Campaign', campaignId)
    const floor = () => timeFloor(url, campaignId)
    await floor()
    const before = await floor()
    const made = await runCommand(url, 'survey', 'release-results', campaign)
    const after = await floor()
    const ratios = [made.seconds / ((before + after) / 2)]
    // Computed again it takes as long, but for writing it down.
    const again: number[] = []
    for (let round = 0; round < (smoke ? 1 : rounds); round += 1) {
      const plain = await floor()
      const computed = await runCommand(url, 'survey', 'verify-release', campaign)
      again.push(computed.seconds / ((plain + (await floor())) / 2))
    }
    seconds.set(size, made.seconds)
    const [ratio] = ratios as [number]
    console.log(
      `${size} answers: released in ${made.seconds.toFixed(1)} s, ${made.computed.toFixed(1)} s of them in the process, ` +
        `${Math.round(made.memory / 1024 ** 2)} MiB at most; plain GROUP BY ${((before + after) / 2).toFixed(1)} s; ` +
        `ratio ${ratio.toFixed(2)}, computed again ${median(again).toFixed(2)}`,
    )
    const read = await timeReading(url)
    reading.set(size, read)
    console.log(`  closed in ${closing.toFixed(1)} s; the released tables of everybody read in ${read.toFixed(1)} ms`)
    if (smoke || size < 1_000_000) return
    judge(`a release takes ${ratio.toFixed(2)} of the plain GROUP BY, at most ${bars.ratio}`, ratio <= bars.ratio)
    judge(`the process holds at most ${bars.memory / 1024 ** 2} MiB`, made.memory <= bars.memory)
  })
}

const [smallest, largest] = [Math.min(...sizes), Math.max(...sizes)]
if (largest > smallest) {
  const growth = seconds.get(largest)! / seconds.get(smallest)!
  const text = `${largest / smallest} times the answers take ${growth.toFixed(1)} times as long`
  judge(text, growth <= largest / smallest)
  const longer = reading.get(largest)! / reading.get(smallest)!
  judge(
    `reading what was released of them takes ${longer.toFixed(2)} times as long, at most ${bars.reading}`,
    longer <= bars.reading,
  )
}

function judge(text: string, passed: boolean): void {
  console.log(`${passed ? 'reached' : 'MISSED '}  ${text}`)
  if (!passed) process.exitCode = 1
}

/** Milliseconds in which all tables of everybody are read, and put in words: the median of many times. */
async function timeReading(url: string): Promise<number> {
  const { prisma, close } = await connect({ url })
  try {
    const { id: releaseId } = await prisma.release.findFirstOrThrow()
    const everybody = { releaseId, organizationId: null, language: null }
    const times: number[] = []
    for (let round = 0; round < (smoke ? 2 : 100); round += 1) {
      const started = performance.now()
      const { tables } = (await readRelease(prisma, { kind: 'anyone' }, everybody))!.release
      if (tables.length === 0) throw new Error('Nothing was released.')
      times.push(performance.now() - started)
    }
    return median(times)
  } finally {
    await close()
  }
}

async function timeFloor(url: string, campaignId: string): Promise<number> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const started = performance.now()
    await client.query(
      `SELECT organization_id, question, answer, count(*) FROM response, unnest(answers) WITH ORDINALITY AS said(answer, question)
       WHERE campaign_id = $1 GROUP BY organization_id, question, answer`,
      [campaignId],
    )
    return (performance.now() - started) / 1000
  } finally {
    await client.end()
  }
}
