/** The code of an invitation: twenty letters and digits, read from paper and typed. */

/** Crockford's base 32: no I, L, O and U, which are taken for others. */
const form = /^[0-9A-HJKMNP-TV-Z]{20}$/

/** A code as it was meant, whatever case, spaces, dashes and look-alikes it was typed with; null for what can be none. */
export function readInvitationCode(typed: string): string | null {
  const letters = typed.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1')
  return form.test(letters) ? letters : null
}
