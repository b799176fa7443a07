/**
 * `pnpm bench:disclosure`: sets the adversary on thousands of invented campaigns, with all precautions and without each, and on
 * questionnaires of every kind of question and condition; tells what it attacked, what broke, and how much of a campaign like
 * the network's second wave is released.
 */
import { readTables } from '@welfare-network/server/src/domains/survey/disclosure/counted-tables.ts'
import { Levels } from '@welfare-network/server/src/domains/survey/disclosure/levels.ts'
import { protect } from '@welfare-network/server/src/domains/survey/disclosure/protect.ts'
import { usualThresholds } from '@welfare-network/server/src/domains/survey/disclosure/thresholds.ts'
import { drawAnswered } from '@welfare-network/server/src/testing/answer-questionnaire.ts'
import {
  allPrecautions,
  attackAs,
  attackCampaign,
  attackWaves,
} from '@welfare-network/server/src/testing/attack-campaign.ts'
import { drawCampaigns } from '@welfare-network/server/src/testing/generate-campaign.ts'
import {
  type CampaignShape,
  inventCampaign,
  randomFrom,
  secondWave,
} from '@welfare-network/server/src/testing/invent-campaign.ts'
import { measureReach, type Share } from '@welfare-network/server/src/testing/measure-reach.ts'
import { Command, InvalidArgumentError } from 'commander'

const { campaigns, questionnaires, counts, seed, large, part } = new Command('bench:disclosure')
  .description(
    'attacks invented releases by linear algebra and integer programming; tells what breaks and what is hidden',
  )
  .option('--campaigns <count>', 'how many campaigns', readCount, 200)
  .option('--questionnaires <count>', 'how many questionnaires', readCount, 100)
  .option('--counts <count>', 'how many hidden counts of each release to attack by integer programming', readCount, 8)
  .option('--seed <number>', 'others for another seed', readCount, 1)
  .option('--large', 'of the campaigns only those whose plan is protected level by level', false)
  .option('--part <k/n>', 'of both only each n-th, from the k-th: one of several runs side by side', readPart, [1, 1])
  .parse()
  .opts<{
    campaigns: number
    questionnaires: number
    counts: number
    seed: number
    large: boolean
    part: [number, number]
  }>()

const plans = {
  'companies; gender; age': [['company'], ['gender'], ['age']],
  'companies; gender × age': [['company'], ['gender', 'age']],
  'companies × gender; gender × age': [
    ['company', 'gender'],
    ['gender', 'age'],
  ],
  'companies × gender × age': [['company', 'gender', 'age']],
}

if (part[0] === 1) await tellReach()
await tellAttacks()
await tellQuestionnaires()

async function tellReach() {
  for (const [name, tables] of Object.entries(plans)) {
    const { companies, questions, divided, totals, themes, seconds } = await measureReach(
      inventCampaign(secondWave(seed, tables)),
    )
    console.log(`A campaign like the second wave, ${name}: protected in ${seconds.toFixed(1)} s`)
    console.log(`  company × question  ${tell(questions)}`)
    console.log(`  divided companies   ${tell(divided)}`)
    console.log(`  totals              ${tell(totals)}`)
    console.log(
      `  critical themes of the network: ${themes.released} of ${themes.true}; ${themes.dominated} more of 90 % and above`,
    )
    for (const company of companies) console.log(`  ${String(company.population).padStart(5)} people  ${tell(company)}`)
    judge(`${name}: 80 % of company × question`, questions.released >= 0.8 * questions.of)
    judge(`${name}: all critical themes`, themes.released === themes.true)
  }
}

async function tellAttacks() {
  const told = { hidden: 0, shown: 0, results: 0, counts: 0, waves: 0, broken: 0 }
  const without = { complements: 0, insiders: 0, waves: 0 }
  const started = performance.now()
  const drawn = drawCampaigns(campaigns, seed).map((each, index) => ({ ...each, index }))
  const chosen = ofThisPart(large ? drawn.filter(({ shape }) => isLarge(shape)) : drawn)
  const few = Math.min(chosen.length, 200)
  for (const [at, { index, shape, wave }] of chosen.entries()) {
    const campaign = inventCampaign(shape)
    const { attacks, release } = await attackCampaign(campaign, counts)
    const ofWaves = await attackWaves(campaign, wave, Math.ceil(counts / 2))
    told.results += release.results.length
    told.shown += release.results.filter(({ distribution }) => 'value' in distribution).length
    told.waves++
    for (const { breaks, hidden, narrowed } of [...attacks, ...ofWaves]) {
      told.hidden += hidden
      told.counts += narrowed
      told.broken += breaks.length
      for (const each of breaks) console.log(`  BROKEN campaign ${index} of seed ${seed}: ${JSON.stringify(each)}`)
    }
    if (at >= few) continue
    for (const precaution of ['complements', 'insiders'] as const) {
      const { attacks } = await attackCampaign(campaign, 0, { ...allPrecautions, [precaution]: false })
      if (attacks.some(({ breaks }) => breaks.length > 0)) without[precaution]++
    }
    const careless = await attackWaves(campaign, wave, 0, { ...allPrecautions, waves: false })
    if (careless.some(({ breaks }) => breaks.length > 0)) without.waves++
  }
  const seconds = (performance.now() - started) / 1000
  console.log(
    `${chosen.length} campaigns of seed ${seed}, each with a wave that follows, attacked in ${seconds.toFixed(0)} s`,
  )
  console.log(`  ${told.results} distributions of first waves, ${percent(told.shown, told.results)} released`)
  console.log(
    `  ${told.hidden} hidden distributions attacked by elimination, ${told.counts} counts by integer programming`,
  )
  console.log(`  broken: ${told.broken}`)
  console.log(`Of the first ${few}, releases that break without`)
  console.log(`  secondary suppression: ${without.complements}`)
  console.log(`  the insider rule: ${without.insiders}`)
  console.log(`  the rule for waves: ${without.waves}`)
  judge('nothing broken', told.broken === 0)
  for (const [precaution, count] of Object.entries(without)) judge(`bites without ${precaution}`, count > 0)
}

async function tellQuestionnaires() {
  const told = { hidden: 0, counts: 0, broken: 0 }
  const started = performance.now()
  const chosen = ofThisPart(drawAnswered(questionnaires, seed).map((answered, index) => ({ answered, index })))
  for (const { answered, index } of chosen) {
    const { companies } = answered.counted
    const release = await protect(answered.counted, usualThresholds)
    const random = randomFrom(seed + index)
    for (const insider of [null, companies[Math.floor(random() * companies.length)]!]) {
      const { breaks, hidden, narrowed } = await attackAs(insider, answered, release, counts, random)
      told.hidden += hidden
      told.counts += narrowed
      told.broken += breaks.length
      for (const each of breaks) console.log(`  BROKEN questionnaire ${index} of seed ${seed}: ${JSON.stringify(each)}`)
    }
  }
  const seconds = (performance.now() - started) / 1000
  console.log(
    `${chosen.length} questionnaires of seed ${seed}, answered by a few companies, attacked in ${seconds.toFixed(0)} s`,
  )
  console.log(`  ${told.hidden} hidden distributions, ${told.counts} counts by integer programming`)
  console.log(`  broken: ${told.broken}`)
  judge('nothing broken, whatever is asked', told.broken === 0)
}

function ofThisPart<T>(all: readonly T[]): T[] {
  return all.filter((_, index) => index % part[1] === part[0] - 1)
}

function isLarge(shape: CampaignShape): boolean {
  const { counted } = inventCampaign(shape)
  const lattice = readTables(counted)
  return new Levels(counted, lattice).tablesOf(lattice.groups).length > 0
}

function tell({ of, plain, released }: Share): string {
  return `${released} of ${of} released (${percent(released, of)}); plain thresholding: ${plain} (${percent(plain, of)})`
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((part / whole) * 100).toFixed(1)} %`
}

function judge(bar: string, isReached: boolean) {
  console.log(`${isReached ? 'reached' : 'MISSED'}  ${bar}`)
  if (!isReached) process.exitCode = 1
}

function readCount(text: string): number {
  const count = Number(text)
  if (!Number.isSafeInteger(count) || count < 1) throw new InvalidArgumentError('Give a whole number above 0.')
  return count
}

function readPart(text: string): [number, number] {
  const [k, n] = (/^(\d+)\/(\d+)$/.exec(text)?.slice(1) ?? []).map(Number)
  if (k === undefined || n === undefined || k < 1 || k > n) throw new InvalidArgumentError('Give k/n, as 2/3.')
  return [k, n]
}
