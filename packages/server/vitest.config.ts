import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    name: 'server',
    include: ['src/**/*.test.ts'],
    globalSetup: ['src/testing/global-setup.ts'],
    // Opening an embedded database takes a second or two, more on a busy machine.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
