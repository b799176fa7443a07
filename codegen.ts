/** The contract, schema.graphql, becomes the SDK's types and operations. */
import type { CodegenConfig } from '@graphql-codegen/cli'

const operations = 'packages/sdk/src/operations'
const generated = 'packages/sdk/src/generated'

/** One entry point of the SDK: no program carries the operations of another. */
function entryPoint(documents: string[]) {
  return {
    documents,
    plugins: ['typescript-operations', 'typed-document-node'],
    config: {
      useTypeImports: true,
      enumsAsTypes: true,
      skipTypename: true,
      strictScalars: true,
      // Dates travel as text: the SDK leaves them so, for a Date of JavaScript has no day without a time.
      scalars: { ID: 'string', Date: 'string', DateTime: 'string', JSONObject: 'Record<string, unknown>' },
      documentMode: 'documentNode',
      optimizeDocumentNode: true,
      dedupeFragments: true,
      onlyOperationTypes: true,
    },
  }
}

const config: CodegenConfig = {
  schema: 'schema.graphql',
  generates: {
    [`${generated}/operations.ts`]: entryPoint([`${operations}/*.graphql`, `!${operations}/answering.graphql`]),
    [`${generated}/answering.ts`]: entryPoint([`${operations}/answering.graphql`, `${operations}/refusal.graphql`]),
  },
}

export default config
