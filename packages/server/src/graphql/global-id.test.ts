import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeGlobalId, encodeGlobalId } from './global-id.ts'

const typenames = ['Service', 'ServiceAtLocation', 'Network', 'TaxonomyTerm', 'Url']

test('an id leads back to its type and record', () => {
  fc.assert(
    fc.property(fc.constantFrom(...typenames), fc.uuid(), (typename, id) => {
      expect(decodeGlobalId(encodeGlobalId(typename, id))).toEqual({ typename, id })
    }),
  )
})

test('an id can be read: it begins with its type', () => {
  expect(encodeGlobalId('ServiceAtLocation', '0190f3aa-0000-7000-8000-000000000001')).toBe(
    'service_at_location_0190f3aa000070008000000000000001',
  )
})

test('a municipality goes by its ISTAT code', () => {
  expect(encodeGlobalId('Municipality', '004029')).toBe('municipality_004029')
  expect(decodeGlobalId('municipality_004029')).toEqual({ typename: 'Municipality', id: '004029' })
})

test.each(['', 'x', '_', 'service_', 'service_1', 'service_DEADBEEFDEADBEEFDEADBEEFDEADBEEF', 'municipality_4029'])(
  'what is no id is refused: "%s"',
  (text) => {
    expect(() => decodeGlobalId(text)).toThrow(/is not an id of this API/)
  },
)

test('no text makes it fail in another way', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        decodeGlobalId(text)
      } catch (error) {
        expect(error).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } })
      }
    }),
  )
})
