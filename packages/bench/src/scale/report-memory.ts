/** Loaded into a process that is measured: when it ends, it tells on its fourth stream the most memory that it held. */
import { readFileSync, writeSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

// Its threads load this as well, and what they hold is the process's.
if (isMainThread) process.on('exit', report)

function report() {
  // Of the process alone: the figure of getrusage begins with what its parent held.
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  writeSync(3, JSON.stringify({ memory: Number(kilobytes) * 1024, cpu: process.cpuUsage() }))
}
