/** Options that several commands take, and how they are read. */
import { InvalidArgumentError } from 'commander'
import { isSlug, slugRule } from '../domains/network/slug.ts'

/** The option that names an organization. */
export const organization = ['--organization <uuid>', 'HSDS identifier of the organization'] as const

export function readSlug(text: string): string {
  if (isSlug(text)) return text
  throw new InvalidArgumentError(`Use a short name such as alba-bra: ${slugRule}.`)
}

export function readDay(text: string): Date {
  const day = new Date(`${text}T00:00:00Z`)
  if (/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)) return day
  throw new InvalidArgumentError('Write a day as YYYY-MM-DD.')
}
