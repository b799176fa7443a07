/** The contract, schema.graphql, becomes the SDK's types and operations. */
import type { CodegenConfig } from '@graphql-codegen/cli'

const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: 'packages/sdk/src/operations/*.graphql',
  generates: {
    'packages/sdk/src/generated/operations.ts': {
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
    },
  },
}

export default config
