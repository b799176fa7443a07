import { getEventListeners } from 'node:events'
import { expect, onTestFinished, test, vi } from 'vitest'
import { drawDelay, noteBought, noteFound, waitByTimer, waitOutGap } from './wait-at-random.ts'

test.each([30, 600])('delays are drawn between 2 and %i seconds, none likelier than another', (longest) => {
  const draws = 20_000
  const tenths = new Array<number>(10).fill(0)
  for (let draw = 0; draw < draws; draw += 1) {
    const seconds = drawDelay(longest) / 1000
    expect(seconds >= 2 && seconds < longest).toBe(true)
    tenths[Math.floor((10 * (seconds - 2)) / (longest - 2))]! += 1
  }
  // Six standard deviations of a tenth of them.
  for (const tenth of tenths) expect(Math.abs(tenth - draws / 10)).toBeLessThan(6 * Math.sqrt(draws * 0.09))
})

test('the timer waits as long as it is told, and not shorter', async () => {
  vi.useFakeTimers()
  try {
    let over = false
    const waiting = waitByTimer(2_000, undefined).then(() => {
      over = true
    })
    await vi.advanceTimersByTimeAsync(1_999)
    expect(over).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(over).toBe(true)
    await waiting
  } finally {
    vi.useRealTimers()
  }
})

test('an aborted signal ends the waiting with its reason, before it begins or later', async () => {
  const reason = new Error('left the page')
  await expect(waitByTimer(60_000, AbortSignal.abort(reason))).rejects.toBe(reason)
  const leaving = new AbortController()
  const waiting = waitByTimer(60_000, leaving.signal)
  leaving.abort(reason)
  await expect(waiting).rejects.toBe(reason)
})

test('nothing listens to a signal any more when the waiting is over', async () => {
  const { signal } = new AbortController()
  await waitByTimer(1, signal)
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
})

/** Whether the second after redeeming is over, as timers and time go on. */
function watchGap(name: string) {
  const seen = { over: false }
  void waitOutGap(name, undefined).then(() => {
    seen.over = true
  })
  return seen
}

test('a second passes after buying, and after finding what was not bought here', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  for (const [name, note] of [
    ['bought', noteBought],
    ['found', noteFound],
  ] as const) {
    note(name)
    const gap = watchGap(name)
    await vi.advanceTimersByTimeAsync(999)
    expect(gap.over).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(gap.over).toBe(true)
    // What is found again was bought when it was.
    noteFound(name)
    const again = watchGap(name)
    await vi.advanceTimersByTimeAsync(0)
    expect(again.over).toBe(true)
  }
})

test('a timer that comes early does not end the second', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  noteBought('early')
  const gap = watchGap('early')
  await vi.advanceTimersByTimeAsync(1_000)
  expect(gap.over).toBe(false)
})
