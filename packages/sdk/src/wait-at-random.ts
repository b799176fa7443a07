/** The time between buying a credential and spending it: drawn at random, so that the one doesn't tell of the other. */

/** Seconds that are waited at least. */
const shortestDelay = 2

/** Seconds that are waited at most, where nobody asked for more. */
export const usualLongestDelay = 30

/** Milliseconds that lie between the two, whatever the clock says. */
export const shortestGap = 1_000

/** What time it is, and how it passes. */
export interface Clock {
  /** Milliseconds since whenever: only differences count. */
  now(): number
  /** Waits as many milliseconds, or until the signal is aborted, and then fails with the signal's reason. */
  wait(milliseconds: number, signal: AbortSignal | undefined): Promise<void>
}

/** Milliseconds, drawn uniformly between 2 and `longest` seconds. */
export function drawDelay(longest: number): number {
  const drawn = crypto.getRandomValues(new Uint32Array(1))[0]!
  return 1000 * (shortestDelay + (longest - shortestDelay) * (drawn / 2 ** 32))
}

export const usualClock: Clock = { now: () => performance.now(), wait: waitByTimer }

export function waitByTimer(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', end)
      resolve()
    }, milliseconds)
    if (signal?.aborted) end()
    else signal?.addEventListener('abort', end, { once: true })
  })
}
