/** Whether the database gave up for want of time. */

/** True for a statement that took longer than it may (57014), and for a transaction that did not start or end in time. */
export function isTimeout(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code, meta } = error as {
    code?: unknown
    meta?: { driverAdapterError?: { cause?: { originalCode?: string } } }
  }
  return code === 'P2028' || meta?.driverAdapterError?.cause?.originalCode === '57014'
}
