/** The schema: every domain adds its types and fields to the builder, then it is built once. */
import '../domains/access/graphql.ts'
import '../domains/network/graphql.ts'
import '../domains/need/graphql.ts'
import '../domains/directory/graphql.ts'
import '../domains/survey/graphql.ts'
import { builder } from './builder.ts'

export const schema = builder.toSchema()
