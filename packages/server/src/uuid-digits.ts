/** UUIDs as their 32 digits alone, as ids and keys for people and clients write them. */

/** The UUID with these digits, as the database writes it. */
export function uuidOfDigits(digits: string): string {
  const part = (from: number, to?: number) => digits.slice(from, to)
  return `${part(0, 8)}-${part(8, 12)}-${part(12, 16)}-${part(16, 20)}-${part(20)}`
}
