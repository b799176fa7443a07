import { performance } from 'node:perf_hooks'
import { expect, test } from 'vitest'
import { inventCampaign, secondWave } from '../../../testing/invent-campaign.ts'
import { protect } from './protect.ts'
import { protectAside } from './protect-aside.ts'
import { usualThresholds } from './thresholds.ts'

const crossed = [
  ['company', 'gender'],
  ['gender', 'age'],
]
const { counted } = inventCampaign(secondWave(1, crossed, 10))

test('it protects as in one thread, and the thread that asked has time for others', { timeout: 60_000 }, async () => {
  const before = performance.eventLoopUtilization()
  const release = await protectAside(counted, usualThresholds)
  const { utilization } = performance.eventLoopUtilization(before)
  expect(utilization).toBeLessThan(0.5)
  expect(release).toEqual(await protect(counted, usualThresholds))
})

test('what is wrong with the input is told as in one thread', async () => {
  const wrong = { ...counted, tables: [['company', 'shoe size']] }
  await expect(protectAside(wrong, usualThresholds)).rejects.toThrow(RangeError)
  await expect(protectAside(wrong, usualThresholds)).rejects.toThrow('no recode is called "shoe size"')
})
