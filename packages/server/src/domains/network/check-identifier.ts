/** Numbers that Italian registers give organizations: whether one can be right, told by its form and check digit. */

/** Registers whose numbers can be checked, by the code that goes into an identifier's scheme. */
const registers: Record<string, { isRight: (identifier: string) => boolean; fix: string }> = {
  'IT-VAT': { isRight: isVatNumber, fix: 'a partita IVA has 11 digits, the last of which checks the others' },
  'IT-IPA': {
    isRight: (identifier) => /^[a-z0-9_]{1,20}$/i.test(identifier),
    fix: 'an IPA code has letters, digits and _, 20 at most',
  },
  'IT-ISTAT': {
    isRight: (identifier) => /^\d{6}$/.test(identifier),
    fix: 'an ISTAT code of a municipality has 6 digits',
  },
}

/** Says what is wrong with an identifier of a known register; undefined when nothing is, or the register isn't known. */
export function checkIdentifier(scheme: string, identifier: string): { message: string; fix: string } | undefined {
  const register = Object.hasOwn(registers, scheme) ? registers[scheme] : undefined
  if (register === undefined || register.isRight(identifier)) return undefined
  return { message: `is no identifier of ${scheme}`, fix: register.fix }
}

/**
 * The check digit of the Italian VAT number: every second digit doubled, its digits added; the sum ends in 0.
 * Source: D.M. 23 December 1976, the Luhn formula of ISO/IEC 7812.
 */
function isVatNumber(identifier: string): boolean {
  if (!/^\d{11}$/.test(identifier) || identifier === '00000000000') return false
  const sum = [...identifier].reduce((total, digit, position) => {
    const value = Number(digit) * (position % 2 === 0 ? 1 : 2)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}
