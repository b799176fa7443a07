import { expect, test } from 'vitest'
import { passingSecrets } from '../../../secrets.ts'
import { drawSeed, hashInvitationCode, makeInvitationCodes, seedOf } from './invitation-code.ts'

const secrets = passingSecrets()

test('a request with the same key makes the same codes again, and nothing else does', () => {
  const kept = drawSeed(secrets)
  const make = (given = kept, key = 'a key', from = secrets) => {
    const seed = seedOf(from, given, key)
    return seed && makeInvitationCodes(seed, 100)
  }
  const codes = make()!
  expect(make()).toEqual(codes)
  expect(new Set([...codes, ...make(kept, 'another key')!, ...make(drawSeed(secrets))!]).size).toBe(300)
  expect(make(kept, 'a key', passingSecrets())).toBeNull()
})

test('a code is 20 letters that are not taken for others, each as often as any', () => {
  const codes = makeInvitationCodes(seedOf(secrets, drawSeed(secrets), 'a key')!, 2_000)
  const counts = new Map<string, number>()
  for (const code of codes) {
    expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}$/)
    for (const letter of code.replaceAll('-', '')) counts.set(letter, (counts.get(letter) ?? 0) + 1)
  }
  expect(counts.size).toBe(32)
  // 1250 of each are expected, with a standard deviation of 35.
  for (const count of counts.values()) expect(Math.abs(count - 1_250)).toBeLessThan(6 * 35)
})

test('what was typed is read as it was meant, and what can be no code is none', () => {
  const hash = hashInvitationCode('7QF1-M0XK-4T3B-8WNC-5RHD')
  expect(hashInvitationCode(' 7qfi mOxk4t3b8wnc5rhd ')).toEqual(hash)
  for (const typed of ['', '7QF1', '7QF1-M0XK-4T3B-8WNC-5RHU', '7QF1-M0XK-4T3B-8WNC-5RHDD']) {
    expect(hashInvitationCode(typed)).toBeNull()
  }
})
