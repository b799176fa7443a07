/** Disclosure control in a thread of its own: it reckons for seconds to minutes, and the server goes on answering meanwhile. */
import { Worker } from 'node:worker_threads'
import type { protect } from './protect.ts'
import type { Published } from './publish.ts'

/** As {@link protect}, with the same errors. */
export function protectAside(...input: Parameters<typeof protect>): Promise<Published> {
  const { promise, resolve, reject } = Promise.withResolvers<Published>()
  new Worker(new URL('./protect-thread.ts', import.meta.url), {
    workerData: input,
    resourceLimits: { maxYoungGenerationSizeMb: 16 },
  })
    .once('message', resolve)
    .once('error', reject)
    .once('exit', (code) => reject(new Error(`The thread of disclosure control ended without a result (${code}).`)))
  return promise
}
