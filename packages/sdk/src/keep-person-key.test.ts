import { expect, test } from 'vitest'
import { keepPersonKey } from './keep-person-key.ts'
import { createPersonKey, isPersonKey } from './person-key.ts'
import { readRecoveryCode, writeRecoveryCode } from './recovery-code.ts'

const name = 'welfare-network.person-key'

/** A storage as pages have it, with what it holds. */
function storage(held: Record<string, string> = {}) {
  return {
    held,
    getItem: (key: string) => held[key] ?? null,
    setItem: (key: string, value: string) => {
      held[key] = value
    },
  }
}

test('a storage without a key gets one, and gives the same one ever after', () => {
  const mine = storage()
  const key = keepPersonKey(mine)
  expect(isPersonKey(key)).toBe(true)
  expect(mine.held).toEqual({ [name]: key })
  expect(keepPersonKey(mine)).toBe(key)
})

test('another storage gets another key', () => {
  expect(keepPersonKey(storage())).not.toBe(keepPersonKey(storage()))
})

test('a key that was restored from its recovery code is kept in place of the one that was there', () => {
  const code = writeRecoveryCode(keepPersonKey(storage()))
  const { key, problem } = readRecoveryCode(code)
  if (problem !== null) throw new Error(problem.message)
  const other = storage({ [name]: createPersonKey() })
  expect(keepPersonKey(other, key)).toBe(key)
  expect(keepPersonKey(other)).toBe(key)
})

test('what is not a key is neither overwritten nor quoted', () => {
  const damaged = storage({ [name]: 'half a k' })
  expect(() => keepPersonKey(damaged)).toThrow(
    new Error(`The storage has something under "${name}" that is not a person key. Restore it from its recovery code.`),
  )
  expect(damaged.held).toEqual({ [name]: 'half a k' })
})

test('a recovery code in the place of a key is refused, and what was there stays', () => {
  const key = createPersonKey()
  const mine = storage({ [name]: key })
  expect(() => keepPersonKey(mine, writeRecoveryCode(createPersonKey()))).toThrow(TypeError)
  expect(mine.held).toEqual({ [name]: key })
})
