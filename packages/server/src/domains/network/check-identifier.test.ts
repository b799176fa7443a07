import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkIdentifier } from './check-identifier.ts'

// Numbers that their holders publish, so that the formula is not only compared with itself.
test.each(['02419170044', '00905811006', '00488410010'])('the VAT number %s is right', (number) => {
  expect(checkIdentifier('IT-VAT', number)).toBeUndefined()
})

const tenDigits = fc.stringMatching(/^\d{10}$/).filter((digits) => digits !== '0000000000')

test('a VAT number is right with the check digit of the decree', () => {
  fc.assert(
    fc.property(tenDigits, (digits) => {
      expect(checkIdentifier('IT-VAT', `${digits}${checkDigit(digits)}`)).toBeUndefined()
    }),
  )
})

test('a VAT number with any one digit changed is refused', () => {
  fc.assert(
    fc.property(tenDigits, fc.nat(10), fc.integer({ min: 1, max: 9 }), (digits, position, change) => {
      const right = `${digits}${checkDigit(digits)}`
      const digit = String((Number(right[position]) + change) % 10)
      const wrong = `${right.slice(0, position)}${digit}${right.slice(position + 1)}`
      expect(checkIdentifier('IT-VAT', wrong)).toEqual({
        message: 'is no identifier of IT-VAT',
        fix: 'a partita IVA has 11 digits, the last of which checks the others',
      })
    }),
  )
})

test.each([
  ['IT-VAT', ''],
  ['IT-VAT', '00000000000'],
  ['IT-VAT', '0241917004'],
  ['IT-VAT', '024191700444'],
  ['IT-VAT', 'IT02419170044'],
  ['IT-VAT', '0241 9170044'],
  ['IT-IPA', ''],
  ['IT-IPA', 'c a124'],
  ['IT-IPA', 'asl-cn2'],
  ['IT-IPA', 'x'.repeat(21)],
  ['IT-ISTAT', '4003'],
  ['IT-ISTAT', '0040033'],
  ['IT-ISTAT', '00400A'],
])('%s "%s" is refused', (scheme, identifier) => {
  expect(checkIdentifier(scheme, identifier)?.message).toBe(`is no identifier of ${scheme}`)
})

test.each([
  ['IT-IPA', 'c_a124'],
  ['IT-IPA', 'UFE12X'],
  ['IT-ISTAT', '004003'],
  ['GB-CHC', 'whatever the register says'],
])('%s "%s" passes', (scheme, identifier) => {
  expect(checkIdentifier(scheme, identifier)).toBeUndefined()
})

/** D.M. 23 December 1976: digits at odd places as they are, those at even places doubled, minus 9 above 9. */
function checkDigit(tenDigits: string): number {
  const digits = [...tenDigits].map(Number)
  const odd = digits.filter((_, index) => index % 2 === 0).reduce((sum, digit) => sum + digit, 0)
  const even = digits
    .filter((_, index) => index % 2 === 1)
    .reduce((sum, digit) => sum + ((2 * digit) % 10) + (digit > 4 ? 1 : 0), 0)
  return (10 - ((odd + even) % 10)) % 10
}
