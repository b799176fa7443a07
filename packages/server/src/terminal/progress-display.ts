/** How far an import has come: a bar on a terminal, a plain line every tenth elsewhere. */
import { SingleBar } from 'cli-progress'

export interface ProgressDisplay {
  show(bytes: number, total: number): void
  end(): void
}

export function progressDisplay(): ProgressDisplay {
  return process.stderr.isTTY ? bar() : lines()
}

function bar(): ProgressDisplay {
  const single = new SingleBar({
    format: 'reading {bar} {percentage} % of {megabytes} MB',
    stream: process.stderr,
    clearOnComplete: true,
  })
  let started = false
  return {
    show: (bytes, total) => {
      if (!started) single.start(total, 0, { megabytes: (total / 1e6).toFixed(1) })
      started = true
      single.update(bytes)
    },
    end: () => single.stop(),
  }
}

function lines(): ProgressDisplay {
  let told = -1
  return {
    show: (bytes, total) => {
      const tenth = Math.floor((bytes / total) * 10)
      if (tenth <= told) return
      told = tenth
      console.error(`read ${tenth * 10} % of ${(total / 1e6).toFixed(1)} MB`)
    },
    end: () => {},
  }
}
