/** A run that leaks, for `evidence.test.ts`. */
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

const testing = join(import.meta.dirname, '..')

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['leak.ts'],
    globalSetup: [join(testing, 'watch-logs.ts')],
    setupFiles: [join(testing, 'keep-evidence.ts')],
  },
})
