import { createHash, generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { fingerprintOf } from './fingerprint.ts'

test('the fingerprint of a key is the SHA-256 of its DER, as other programs make it', async () => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const der = publicKey.export({ format: 'der', type: 'spki' })
  expect(await fingerprintOf(der.toString('base64'))).toBe(createHash('sha256').update(der).digest('hex'))
})
