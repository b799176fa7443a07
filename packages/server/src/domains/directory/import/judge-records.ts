/** What is wrong with staged records as a whole, which no row tells by itself. */
import type { Transaction } from '../../../database/connect.ts'
import type { Problem } from '../../../sources/problem.ts'
import { anyLinks, type EntityName, entityNames, hsds, trees } from '../hsds/model.ts'
import { type StagedProblem, selectProblems, stagedEntities } from './staging.ts'

/** Looks for references that find nothing, values that are missing, and circles. */
export async function findBroken(tx: Transaction, networkId: string): Promise<StagedProblem[]> {
  const present = await stagedEntities(tx)
  const problems: StagedProblem[] = []
  for (const entity of present) {
    problems.push(...(await findDangling(tx, entity)))
    if (entity in anyLinks) problems.push(...(await findDanglingLinks(tx, entity as keyof typeof anyLinks)))
    if (entity in trees) problems.push(...(await findCircles(tx, entity as keyof typeof trees, networkId)))
  }
  // Last: what is missing may be so because of one of the others, and is then no problem of its own.
  for (const entity of present) problems.push(...(await findMissing(tx, entity)))
  return problems
}

async function findDangling(tx: Transaction, entity: EntityName): Promise<StagedProblem[]> {
  const { references } = hsds[entity]
  const each = Object.entries(references).map(
    ([name, { to }]) => `
      SELECT staged.*, '${name}' AS field, '${to}' AS kind FROM import_row staged
      WHERE staged.entity = '${entity}' AND staged.data->>'${name}' IS NOT NULL
        AND NOT EXISTS (SELECT FROM import_row other
          WHERE other.entity = '${to}' AND other.id = (staged.data->>'${name}')::uuid)
        AND NOT EXISTS (SELECT FROM "${to}" other WHERE other.id = (staged.data->>'${name}')::uuid)`,
  )
  if (each.length === 0) return []
  return selectProblems(
    tx,
    `SELECT broken.*, broken.sources->field->'value' AS value, broken.sources->field->>'column' AS "column"
     FROM (${each.join(' UNION ALL ')}) broken ORDER BY ordinal`,
    (row) => ({ ...nothingThere(row.kind!), scope: references[row.field!]!.required ? 'record' : 'value' }),
  )
}

function nothingThere(kind: EntityName): Pick<Problem, 'message' | 'fix'> {
  const words = kind.replaceAll('_', ' ')
  return { message: `no such ${words}`, fix: `correct it, or import the ${words} first or together` }
}

async function findDanglingLinks(tx: Transaction, entity: keyof typeof anyLinks) {
  const names = anyLinks[entity]
  const linked = entityNames.map(
    (kind) => `SELECT '${kind}' AS kind, id FROM "${kind}" WHERE id IN (SELECT link FROM loose WHERE kind = '${kind}')`,
  )
  return selectProblems(
    tx,
    `WITH loose AS (
       SELECT ordinal, data->>'${names.entity}' AS kind, (data->>'${names.id}')::uuid AS link FROM import_row staged
       WHERE staged.entity = '${entity}' AND staged.data->>'${names.id}' IS NOT NULL
         AND NOT EXISTS (SELECT FROM import_row other
           WHERE other.entity = staged.data->>'${names.entity}' AND other.id = (staged.data->>'${names.id}')::uuid))
     SELECT staged.*, '${names.id}' AS field, staged.sources->'${names.id}'->'value' AS value,
       staged.sources->'${names.id}'->>'column' AS "column", loose.kind
     FROM loose JOIN import_row staged USING (ordinal) LEFT JOIN (${linked.join(' UNION ALL ')}) held
       ON held.kind = loose.kind AND held.id = loose.link
     WHERE held.id IS NULL ORDER BY staged.ordinal`,
    (row) => ({ ...nothingThere(row.kind!), scope: 'value' }),
  )
}

// A record may be given in parts, or be known already: only the whole tells whether a required value is missing.
async function findMissing(tx: Transaction, entity: EntityName): Promise<StagedProblem[]> {
  const { fields, references } = hsds[entity]
  const required = Object.entries({ ...fields, ...references }).flatMap(([name, { required }]) =>
    required ? [name] : [],
  )
  if (required.length === 0) return []
  return selectProblems(
    tx,
    `SELECT staged.*, field, staged.sources->field->'value' AS value, staged.sources->field->>'column' AS "column"
     FROM import_row staged, unnest($1::text[]) WITH ORDINALITY AS needed (field, position)
     WHERE staged.entity = '${entity}' AND staged.data->>field IS NULL
       AND (staged.data ? field OR NOT EXISTS (SELECT FROM "${entity}" held WHERE held.id = staged.id))
     ORDER BY staged.ordinal, needed.position`,
    ({ field, value }) => ({
      message: value == null ? 'is missing' : `leads to no ${field!.replace(/_id$/, '')}`,
      fix: `HSDS requires ${field} of every ${entity.replaceAll('_', ' ')}`,
      scope: 'record',
    }),
    required,
  )
}

function findCircles(tx: Transaction, entity: keyof typeof trees, networkId: string): Promise<StagedProblem[]> {
  const parent = trees[entity]
  return selectProblems(
    tx,
    `WITH RECURSIVE
       link AS (
         SELECT id, (data->>'${parent}')::uuid AS parent, true AS is_staged FROM import_row
           WHERE entity = '${entity}' AND data->>'${parent}' IS NOT NULL
         UNION ALL
         SELECT id, "${parent}", false FROM "${entity}" held
           WHERE "${parent}" IS NOT NULL AND network_id = $1::uuid
             AND NOT EXISTS (SELECT FROM import_row staged
               WHERE staged.entity = '${entity}' AND staged.id = held.id AND staged.data ? '${parent}')),
       walk AS (
         SELECT id AS start, parent AS at FROM link WHERE is_staged
         UNION -- not ALL: a place that was reached is not left again, so the walk ends even in a circle
         SELECT walk.start, link.parent FROM walk JOIN link ON link.id = walk.at)
     SELECT staged.*, '${parent}' AS field, staged.sources->'${parent}'->'value' AS value,
       staged.sources->'${parent}'->>'column' AS "column"
     FROM import_row staged
     WHERE staged.entity = '${entity}' AND staged.id IN (SELECT start FROM walk WHERE at = start)
     ORDER BY staged.ordinal`,
    () => ({
      message: `leads in a circle back to the same ${entity.replaceAll('_', ' ')}`,
      fix: 'a tree has a top: leave the parent of one of them empty',
      scope: 'value',
    }),
    networkId,
  )
}
