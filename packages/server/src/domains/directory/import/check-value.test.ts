import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FieldType } from '../hsds/model.ts'
import { checkValue } from './check-value.ts'

const code: FieldType = { kind: 'code', values: ['active', 'temporarily closed'] }
const of = (kind: Exclude<FieldType['kind'], 'code'>): FieldType => ({ kind })

const kinds: FieldType[] = [
  ...(['text', 'uri', 'email', 'number', 'latitude', 'longitude'] as const).map(of),
  ...(['integer', 'date', 'instant', 'time', 'yes-no'] as const).map(of),
  code,
]

const right: [FieldType, unknown, unknown][] = [
  [of('text'), '  as it stands \n', '  as it stands \n'],
  [of('text'), 12051, '12051'],
  [of('text'), true, 'true'],
  [of('text'), '😀 “è”', '😀 “è”'],
  [of('number'), '12.50', 12.5],
  [of('number'), ' 7 ', 7],
  [of('number'), '-0.5', -0.5],
  [of('number'), '1e3', 1000],
  [of('number'), 12.5, 12.5],
  [of('number'), '007', 7],
  [of('number'), '100000000000000000000', 1e20],
  [of('number'), '1.7976931348623157e+308', Number.MAX_VALUE],
  [of('integer'), '1978', 1978],
  [of('integer'), -3, -3],
  [of('latitude'), '-90', -90],
  [of('latitude'), 44.7, 44.7],
  [of('longitude'), '180', 180],
  [of('longitude'), '8.03', 8.03],
  [of('date'), '2024-02-29', '2024-02-29'],
  [of('date'), ' 2027-01-31 ', '2027-01-31'],
  [of('date'), '0001-01-01', '0001-01-01'],
  [of('instant'), '2024-09-25T14:23:06.5+01:00', '2024-09-25T14:23:06.5+01:00'],
  [of('instant'), '2023-03-15T10:30:45.123Z', '2023-03-15T10:30:45.123Z'],
  [of('instant'), '2023-03-15 10:30:45Z', '2023-03-15 10:30:45Z'],
  [of('time'), '09:00', '09:00'],
  [of('time'), '23:59:59', '23:59:59'],
  [of('time'), '10:00Z', '10:00Z'],
  [of('time'), '10:00+02:00', '10:00+02:00'],
  [of('yes-no'), 'true', true],
  [of('yes-no'), false, false],
  [of('email'), 'sportello@comune.alba.cn.it', 'sportello@comune.alba.cn.it'],
  [of('email'), ' a.b+c@x.org ', 'a.b+c@x.org'],
  [of('uri'), 'https://example.org/a?b=c#d', 'https://example.org/a?b=c#d'],
  [of('uri'), 'mailto:a@example.org', 'mailto:a@example.org'],
  [of('uri'), 'urn:isbn:9788806', 'urn:isbn:9788806'],
  [code, 'temporarily closed', 'temporarily closed'],
]

test.for(right)('a $0.kind may be %s', ([field, value, stored]) => {
  expect(checkValue(field, value)).toEqual({ ok: true, value: stored })
})

const notNumber = 'is not a number (write digits, with a point for decimals)'
const notLatitude = 'is not a latitude (write degrees from -90 to 90 (WGS 84))'
const notLongitude = 'is not a longitude (write degrees from -180 to 180 (WGS 84))'
const notInteger = 'is not a whole number (write digits only)'
const notDate = 'is not a date (write YYYY-MM-DD)'
const notInstant = 'is not a moment (write YYYY-MM-DDTHH:MM:SSZ (RFC 3339))'
const notTime = 'is not a time of day (write HH:MM, with Z or an offset if not local)'
const notYesNo = 'is not true or false (write true or false)'
const notEmail = 'is not an e-mail address (write name@domain)'
const notUri = 'is not a web address (begin with https:// or http://)'
const notCode = 'is not a known code (use active, temporarily closed)'

const wrong: [FieldType, unknown, string][] = [
  [of('number'), '12,50', notNumber],
  [of('number'), '1.000,00', notNumber],
  [of('number'), 'ten', notNumber],
  [of('number'), 'NaN', notNumber],
  [of('number'), 'Infinity', notNumber],
  [of('number'), '0x10', notNumber],
  [of('number'), '1234567890123456789012345', notNumber],
  [of('number'), true, notNumber],
  [of('latitude'), '90.1', notLatitude],
  [of('latitude'), 100, notLatitude],
  [of('latitude'), '44°42′', notLatitude],
  [of('longitude'), '-180.5', notLongitude],
  [of('integer'), '19.5', notInteger],
  [of('integer'), '1e3', notInteger],
  [of('integer'), '9999999999', notInteger],
  [of('date'), '31/01/2027', notDate],
  [of('date'), '2027-02-29', notDate],
  [of('date'), '2027-1-1', notDate],
  [of('date'), '0000-01-01', notDate],
  [of('date'), '2027-01-01T00:00:00Z', notDate],
  [of('date'), 20270131, notDate],
  [of('instant'), '2027-01-01', notInstant],
  [of('instant'), '2027-01-01T10:00:00', notInstant],
  [of('instant'), '2027-02-30T10:00:00Z', notInstant],
  [of('instant'), '2027-01-01T25:00:00Z', notInstant],
  [of('instant'), '9999-12-31T23:00:00-01:00', notInstant],
  [of('instant'), '2026-01-01T00:00:00+20:00', notInstant],
  [of('instant'), `2026-01-01T00:00:00.${'3'.repeat(300)}Z`, notInstant],
  [of('instant'), '0001-01-01T00:00:00+01:00', notInstant],
  [of('time'), '9:00', notTime],
  [of('time'), '24:00', notTime],
  [of('time'), '10.30', notTime],
  [of('time'), '9am', notTime],
  [of('yes-no'), 'yes', notYesNo],
  [of('yes-no'), 1, notYesNo],
  [of('email'), 'sportello', notEmail],
  [of('email'), 'a@b', notEmail],
  [of('email'), 'a@b.it, c@d.it', notEmail],
  [of('uri'), 'www.example.org', notUri],
  [of('uri'), 'https://', notUri],
  [of('uri'), 'https://example.org/a b', notUri],
  [code, 'Active', notCode],
  [code, 'closed', notCode],
]

test.for(wrong)('a $0.kind may not be %s', ([field, value, told]) => {
  const checked = checkValue(field, value)
  expect(checked.ok ? checked.value : `${checked.message} (${checked.fix})`).toBe(told)
})

describe.for(kinds)('a $kind', (field) => {
  test.for([null, undefined, ''])('that is empty (%s) is no value', (value) => {
    expect(checkValue(field, value)).toEqual({ ok: true, value: null })
  })

  test.for([[['a']], [{ a: 1 }]])('is never a list or an object', ([value]) => {
    expect(checkValue(field, value)).toMatchObject({ ok: false, message: 'is a list or object' })
  })

  test.for(['a\0b', 'a\uD83D', '\uDE00'])('never holds what the database can not', (value) => {
    expect(checkValue(field, value)).toMatchObject({ ok: false, message: 'holds a character that no text can hold' })
  })
})

test('any text that is well-formed is kept letter for letter', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      fc.pre(text !== '' && !text.includes('\0'))
      expect(checkValue(of('text'), text)).toEqual({ ok: true, value: text })
    }),
  )
})

test('any number of at most 15 digits is told back as it was', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, min: -1e11, max: 1e11 }), (number) => {
      const written = number.toFixed(3)
      expect(checkValue(of('number'), written)).toEqual({ ok: true, value: Number(written) })
    }),
  )
})

test('any number is read back from what JavaScript writes', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
      // Negative zero is written as zero.
      expect(checkValue(of('number'), String(number))).toEqual({ ok: true, value: number + 0 })
    }),
  )
})

test('any day of the calendar is a date', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }), (date) => {
      const day = date.toISOString().slice(0, 10)
      expect(checkValue(of('date'), day)).toEqual({ ok: true, value: day })
    }),
  )
})
