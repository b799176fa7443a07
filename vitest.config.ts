import { defineConfig } from 'vitest/config'

const testing = 'packages/server/src/testing'
const globalSetup = [`${testing}/watch-logs.ts`, `${testing}/global-setup.ts`]
const setupFiles = [`${testing}/keep-evidence.ts`]

export default defineConfig({
  // The libraries load graphql as Node does. Our code must meet the same copy, not its twin for bundlers.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    globalSetup,
    setupFiles,
    // Opening an embedded database takes a second or two, more on a busy machine.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      { extends: true, test: { name: 'server', include: ['packages/server/src/**/*.test.ts'] } },
      { extends: true, test: { name: 'sdk', include: ['packages/sdk/{src,test}/**/*.test.ts'] } },
      { extends: true, test: { name: 'bench', include: ['packages/bench/src/**/*.test.ts'] } },
      { extends: true, test: { name: 'examples', include: ['examples/**/*.test.ts'] } },
    ],
  },
})
