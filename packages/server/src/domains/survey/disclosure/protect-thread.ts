/** The thread that `protect-aside.ts` starts: takes the input of disclosure control, and answers with its output. */
import { parentPort, workerData } from 'node:worker_threads'
import { protect } from './protect.ts'

parentPort!.postMessage(await protect(...(workerData as Parameters<typeof protect>)))
