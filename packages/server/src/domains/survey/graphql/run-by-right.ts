/** What is done to a survey or a campaign by those who run it: that they may, and that it was done. */
import type { Transaction } from '../../../database/connect.ts'
import type { Context } from '../../../graphql/context.ts'
import { readId } from '../../../graphql/mutation-input.ts'
import { Refused } from '../../../refused.ts'
import { actOnRecord } from '../../trace/act-on-record.ts'
import type { Action, Doer } from '../../trace/record-act.ts'
import { rightToRun } from '../right-to-run.ts'

/** A survey, a version or a campaign that the caller runs. */
export interface Run {
  /** Row key. */
  id: string
  /** Row key of its network. */
  networkId: string
  /** By what right the caller runs it. */
  doer: Doer
}

/** What is told of a record that isn't there, or that the caller has no right over: one thing. */
export function unknown(path: readonly string[]): Refused {
  return new Refused('UNKNOWN', `${path.join('.')}: there is none with this id that you run.`, path)
}

/** What was found, where the caller runs it. Throws {@link unknown} where it is not there, or is another's. */
export function owned(
  { actor }: Context,
  found: { id: string; networkId: string; organizationId: string } | null,
  path: readonly string[],
): Run {
  const doer = found && rightToRun(actor, found)
  if (!doer) throw unknown(path)
  return { id: found.id, networkId: found.networkId, doer }
}

/** A version of a survey, by its row key. Throws {@link unknown}, at the path in the input. */
export async function findVersion(context: Context, id: string, path: readonly string[]): Promise<Run> {
  const version = await context.prisma.surveyVersion.findUnique({ where: { id }, include: { survey: true } })
  return owned(context, version && { ...version.survey, id }, path)
}

/** A campaign, by its global id in the input's `campaign`. Throws a {@link Refused}. */
export async function findCampaign(context: Context, globalId: string): Promise<Run> {
  const id = readId('Campaign', globalId, ['campaign'])
  return owned(context, await context.prisma.campaign.findUnique({ where: { id } }), ['campaign'])
}

/**
 * Makes a record by the right to run another, once for the idempotency key of the input, and on the record; `timeout` in
 * milliseconds, where it may take longer than a transaction usually may. Returns its row key, to a repeat as well.
 */
export function create(
  context: Context,
  operation: string,
  input: Asked,
  { networkId, doer }: Pick<Run, 'networkId' | 'doer'>,
  action: Action,
  make: (tx: Transaction) => Promise<{ id: string }>,
  timeout?: number,
): Promise<string> {
  return actOnRecord(context, { operation, input, action, networkId, doer, timeout }, make)
}

/** Changes what the caller runs, as {@link create} makes what is new. Returns its row key. */
export function change(
  context: Context,
  operation: string,
  input: Asked,
  run: Run,
  action: Action,
  work: (tx: Transaction) => Promise<void>,
  timeout?: number,
): Promise<string> {
  const make = async (tx: Transaction) => {
    await work(tx)
    return run
  }
  return create(context, operation, input, run, action, make, timeout)
}

type Asked = Parameters<typeof actOnRecord>[1]['input']
