/**
 * `pnpm bench:release`: how long the release of a campaign takes, beside the plain GROUP BY over the same answers, which is the
 * least that counting them takes; how it grows with the answers, and how much memory the process holds.
 */
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

/** The most that a release may take of the plain GROUP BY, and the most memory that the process may hold. */
const bars = { ratio: 3, memory: 512 * 1024 ** 2 }

const sizes = smoke ? [2_000] : responses.split(',').map(Number)
const seconds = new Map<number, number>()

for (const size of sizes) {
  await withDatabase(async (url) => {
    await runCommand(url, 'migrate')
    const { campaignId } = await fillCampaign(url, {
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
}

function judge(text: string, passed: boolean): void {
  console.log(`${passed ? 'reached' : 'MISSED '}  ${text}`)
  if (!passed) process.exitCode = 1
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
