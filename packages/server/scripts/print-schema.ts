/** Writes schema.graphql, the contract, from the code. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { lexicographicSortSchema, printSchema } from 'graphql'
import { schema } from '../src/graphql/schema.ts'

const file = join(import.meta.dirname, '../../../schema.graphql')
writeFileSync(file, `${printSchema(lexicographicSortSchema(schema))}\n`)
