/** Which way dependencies run: main → app → graphql → domains/<domain>/graphql → use-cases → database. */
import { allExtensions } from 'dependency-cruiser'

// Without a TypeScript that it can call, dependency-cruiser skips .ts files and finds no fault in the rest.
if (!allExtensions.some(({ extension, available }) => extension === '.ts' && available)) {
  throw new Error(
    'dependency-cruiser can not read TypeScript here, so it would check nothing. It needs a TypeScript older than 7 of ' +
      'its own: see packageExtensions in pnpm-workspace.yaml, then run `pnpm install`.',
  )
}

const server = '^packages/server/src/'

/** Tests, and what only tests use, may reach everywhere. */
const tests = '\\.test\\.ts$|/src/testing/'

/** The face of a domain: graphql.ts, or the files of a folder of that name. */
const faces = `${server}domains/[^/]+/graphql(\\.ts$|/)`

/** The process and its HTTP face: main.ts, app.ts, cli.ts and what is named after them. */
const processes = `${server}((main|app|cli)[^/]*\\.ts$|(main|app|cli|http)/)`

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-circles',
      comment: 'Two files that need each other are one idea, or miss a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'database-stands-below-all',
      comment: 'The database knows nothing of what is done with it.',
      severity: 'error',
      from: { path: `${server}database/`, pathNot: tests },
      to: { path: [`${server}(domains|graphql)/`, processes] },
    },
    {
      name: 'use-cases-know-no-graphql-or-http',
      comment: 'A use-case serves GraphQL, the command line and tests alike.',
      severity: 'error',
      from: { path: `${server}domains/`, pathNot: [faces, tests] },
      to: {
        path: [faces, `${server}graphql/`, processes, '(^|/)node_modules/(@pothos/|@graphql-yoga/|graphql[/-])'],
      },
    },
    {
      name: 'faces-know-no-process',
      comment: 'A domain describes its fields; the app serves them.',
      severity: 'error',
      from: { path: faces, pathNot: tests },
      to: { path: processes },
    },
    {
      name: 'graphql-knows-no-domain',
      comment: 'The builder, scalars and limits serve every domain; only schema.ts lists the domains.',
      severity: 'error',
      from: { path: `${server}graphql/`, pathNot: [`${server}graphql/schema\\.ts$`, tests] },
      to: { path: [`${server}domains/`, processes] },
    },
    {
      name: 'schema-lists-faces-only',
      comment: "schema.ts imports the domains' graphql.ts and nothing behind them.",
      severity: 'error',
      from: { path: `${server}graphql/schema\\.ts$` },
      to: { path: [`${server}domains/`, processes], pathNot: faces },
    },
    {
      name: 'nothing-imports-a-process',
      comment: 'main.ts and cli.ts start when they are imported.',
      severity: 'error',
      from: { pathNot: tests },
      to: { path: '^packages/[^/]+/src/(main|cli)\\.ts$' },
    },
    {
      name: 'nothing-looks-at-offer',
      comment: 'The integrated offer may look at every domain, and none at it.',
      severity: 'error',
      from: { path: server, pathNot: [`${server}domains/offer/`, `${server}graphql/schema\\.ts$`, tests] },
      to: { path: `${server}domains/offer/` },
    },
    {
      name: 'sdk-knows-the-contract-only',
      comment: 'The SDK is made from schema.graphql, under its own licence.',
      severity: 'error',
      from: { path: '^packages/sdk/src/', pathNot: tests },
      to: { path: '^(packages|@welfare-network)/server(/|$)' },
    },
    {
      name: 'no-tests-in-the-product',
      comment: 'What tests may do, the product may not do through them. The bench is no product.',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/', pathNot: [tests, '^packages/bench/'] },
      to: { path: tests },
    },
    {
      name: 'no-development-dependencies-in-the-product',
      comment: 'A package that only devDependencies name is not there when the product runs.',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/', pathNot: tests },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: 'node_modules/@types/' },
    },
    {
      name: 'no-import-that-leads-nowhere',
      comment: 'The rules above judge a file by its place; this one has none.',
      severity: 'error',
      from: {},
      // Our own packages lead to dist/, which is there only after a build; the other has types and nothing else.
      to: { couldNotResolve: true, pathNot: '^(@welfare-network/|@graphql-typed-document-node/core$)' },
    },
  ],
  options: {
    // Imports of types count: a use-case that takes a GraphQL type knows GraphQL.
    tsPreCompilationDeps: true,
    // The last one is a generated file that has not been generated yet.
    exclude: {
      path: ['^(packages|examples)/[^/]+/(dist|coverage)/', '^packages/[^/]+/src/generated/', '^[.]{1,2}/.*generated/'],
    },
    doNotFollow: { path: '(^|/)node_modules/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
      extensions: ['.ts', '.mts', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
    },
  },
}
