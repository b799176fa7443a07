/** What is done at the terminal, on the record. */
import type { Transaction } from '../database/connect.ts'
import { type Action, recordAct } from '../domains/trace/record-act.ts'

/** Says, as this transaction commits, that somebody at the terminal did it: which of them, a server can't know. */
export function recordByOperator(
  tx: Transaction,
  action: Action,
  { networkId, recordKey }: { networkId: string | null; recordKey: string | null },
): Promise<void> {
  return recordAct(tx, { doer: { kind: 'operator' }, action, networkId, recordKey, requestId: null })
}
