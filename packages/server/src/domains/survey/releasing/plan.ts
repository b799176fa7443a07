/** The release plan: which tables a campaign will show, said before it opens and never changed after. */
import { z } from 'zod'
import { byCompany } from '../disclosure/counted-tables.ts'
import { type Flaw, findTooLarge, readShape } from '../questionnaire/flaw.ts'
import type { Questionnaire } from '../questionnaire/model.ts'
import { findBrokenRecode, recodeModel } from '../questionnaire/recode.ts'

/** Most recodes that one table crosses with the company (DESIGN, section 4). */
const mostCrossed = 2

/** The shape of a plan, of which its JSON Schema is made. */
export const planModel = z
  .strictObject({
    recodes: z.array(recodeModel).max(6).meta({ description: 'Dimensions, each made of one variable.' }),
    tables: z
      .array(z.array(z.string().max(100)).max(1 + mostCrossed))
      .min(1, 'is empty: name at least one table')
      .max(12)
      .meta({
        description:
          `By what each table is divided: \`${byCompany}\` and at most ${mostCrossed} recodes. A table brings its margins ` +
          'with it, down to the total; `[]` is the total alone.',
      }),
    companies: z.enum(['own', 'everyone']).meta({
      description: 'Who reads the results of single companies: each company its own, or everyone those of all.',
    }),
  })
  .meta({ id: 'ReleasePlan', description: 'Which tables a campaign will show.' })

/** A release plan, as {@link readPlan} found it good. */
export type Plan = z.infer<typeof planModel>

/** A plan that somebody wrote, for a questionnaire: as it is, or every flaw found. */
export function readPlan(input: unknown, document: Questionnaire): { plan: Plan } | { flaws: Flaw[] } {
  const tooLarge = findTooLarge(input, { values: 20_000, depth: 12 })
  if (tooLarge !== undefined) return { flaws: [tooLarge] }
  const shaped = readShape(planModel, input)
  if ('flaws' in shaped) return shaped
  const { value: plan } = shaped
  const flaws = [
    ...plan.recodes.flatMap((recode, index) => {
      const path = ['recodes', String(index)]
      const taken =
        recode.name === byCompany || plan.recodes.findIndex(({ name }) => name === recode.name) !== index
          ? [{ path: [...path, 'name'], message: 'is taken', fix: 'give each recode a name of its own' }]
          : []
      return [
        ...taken,
        ...findBrokenRecode(document, recode).map((flaw) => ({ ...flaw, path: [...path, ...flaw.path] })),
      ]
    }),
    ...plan.tables.flatMap((table, index) => findBrokenTable(plan, table, index)),
  ]
  return flaws.length > 0 ? { flaws } : { plan }
}

function findBrokenTable({ recodes }: Plan, table: string[], index: number): Flaw[] {
  const path = ['tables', String(index)]
  const flaws = table.flatMap((name, place): Flaw[] => {
    const at = [...path, String(place)]
    if (name !== byCompany && !recodes.some((recode) => recode.name === name)) {
      return [{ path: at, message: `there is no recode "${name}"`, fix: `use "${byCompany}" or a recode of the plan` }]
    }
    return table.indexOf(name) === place ? [] : [{ path: at, message: 'is there twice', fix: 'remove one' }]
  })
  if (table.filter((name) => name !== byCompany).length <= mostCrossed) return flaws
  const fix = `cross at most ${mostCrossed}: finer groups are few people`
  return [...flaws, { path, message: `crosses more than ${mostCrossed} recodes`, fix }]
}
