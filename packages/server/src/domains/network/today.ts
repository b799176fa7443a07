/** Today where the networks are. */
export function today(now = new Date()): Date {
  return new Date(`${new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Rome' }).format(now)}T00:00:00Z`)
}
