/** The time between buying a credential and spending it: drawn at random, so that the one doesn't tell of the other. */

/** Seconds that are waited at least. */
const shortestDelay = 2

/** Seconds that are waited at most, where nobody asked for more. */
export const usualLongestDelay = 30

/** Milliseconds that lie between the two at least, by the machine's own time. */
const shortestGap = 1_000

/** How time passes. */
export interface Clock {
  /** Waits as many milliseconds, or until the signal is aborted, and then fails with the signal's reason. */
  wait(milliseconds: number, signal: AbortSignal | undefined): Promise<void>
}

export const usualClock: Clock = { wait: waitByTimer }

/** When credentials were bought, by the name they are kept under: in the memory of the page, because it is nobody's business. */
const bought = new Map<string, number>()

/** A credential has just been bought. */
export function noteBought(name: string): void {
  bought.set(name, performance.now())
}

/** A credential is there: one that this page didn't buy may have been bought a moment ago, before it was opened or beside it. */
export function noteFound(name: string): void {
  if (!bought.has(name)) noteBought(name)
}

/** Waits until a second lies behind what was noted last, or until the signal is aborted. No clock of a caller can shorten it. */
export async function waitOutGap(name: string, signal: AbortSignal | undefined): Promise<void> {
  for (;;) {
    const rest = (bought.get(name) ?? 0) + shortestGap - performance.now()
    if (rest <= 0) return
    // Timers may come a little early.
    await waitByTimer(rest, signal)
  }
}

/** Milliseconds, drawn uniformly between 2 and `longest` seconds. */
export function drawDelay(longest: number): number {
  const drawn = crypto.getRandomValues(new Uint32Array(1))[0]!
  return 1000 * (shortestDelay + (longest - shortestDelay) * (drawn / 2 ** 32))
}

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
