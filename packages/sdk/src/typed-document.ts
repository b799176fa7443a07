/** Documents with their types. */
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core'

/** A document with its types, as graphql-codegen and gql.tada make it: a parsed document or a text. */
export type TypedDocument<Result, Variables> = DocumentTypeDecoration<Result, Variables>
