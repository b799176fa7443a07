/** The published JSON Schemas: what the models say, for editors and for other programs. */
import { z } from 'zod'

const base = 'https://raw.githubusercontent.com/welfare-network/welfare-network/main/packages/server/schemas'

/** The schema (2020-12) of what a model takes; it is kept in `packages/server/schemas`, where its `$id` leads. */
export function jsonSchemaOf(model: z.ZodType, name: string): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(model, { target: 'draft-2020-12', io: 'input' })
  return { $schema, $id: `${base}/${name}.schema.json`, ...schema }
}
