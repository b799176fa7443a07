/**
 * Seconds to wait, as RFC 9110 (section 10.2.3) has them: a whole number of them, or the date at which the wait ends.
 * Undefined when the header is absent or says something else.
 */
export function readRetryAfter(header: string | null, now: Date): number | undefined {
  if (header === null) return undefined
  if (/^\d+$/.test(header)) return Number(header)
  // Date.parse makes a date of almost anything: only what ends as an HTTP date does is one.
  const end = header.endsWith(' GMT') ? Date.parse(header) : Number.NaN
  return Number.isNaN(end) ? undefined : Math.max(0, Math.ceil((end - now.getTime()) / 1000))
}
