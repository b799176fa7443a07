/** What is done to a survey or a campaign by those who run it: that they may, and that it was done. */
import type { Transaction } from '../../../database/connect.ts'
import type { Context } from '../../../graphql/context.ts'
import { readId } from '../../../graphql/mutation-input.ts'
import { Refused } from '../../../refused.ts'
import { actOnRecord } from '../../trace/act-on-record.ts'
import type { Action, Doer } from '../../trace/record-act.ts'
import { rightToRun } from '../right-to-run.ts'

export interface Run {
  /** Row key. */
  id: string
  networkId: string
  /** By what right the caller runs it. */
  doer: Doer
}

/** What is told of a record that isn't there, or that the caller has no right over: one thing. */
export function unknown(path: readonly string[]): Refused {
  return new Refused('UNKNOWN', `${path.join('.')}: there is none with this id that you run.`, path)
}

export function owned(
  { actor }: Context,
  found: { id: string; networkId: string; organizationId: string } | null,
  path: readonly string[],
): Run {
  const doer = found && rightToRun(actor, found)
  if (!doer) throw unknown(path)
  return { id: found.id, networkId: found.networkId, doer }
}

export async function findVersion(context: Context, id: string, path: readonly string[]): Promise<Run> {
  const version = await context.prisma.surveyVersion.findUnique({ where: { id }, include: { survey: true } })
  return owned(context, version && { ...version.survey, id }, path)
}

export async function findCampaign(context: Context, globalId: string): Promise<Run> {
  const id = readId('Campaign', globalId, ['campaign'])
  return owned(context, await context.prisma.campaign.findUnique({ where: { id } }), ['campaign'])
}

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
