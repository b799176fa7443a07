/** What a browser does to answer a survey: for tests that play many people. */
import { webcrypto } from 'node:crypto'
import { RSABSSA } from '@cloudflare/blindrsa-ts'

const suite = RSABSSA.SHA384.PSS.Randomized()

export interface Credential {
  message: Uint8Array
  signature: Uint8Array
}

/** Draws a message, blinds it, has it signed by `sign`, and unblinds the signature. */
export async function obtainCredential(
  publicKey: Uint8Array<ArrayBuffer>,
  sign: (blindedMessage: Uint8Array) => Promise<Uint8Array>,
): Promise<Credential> {
  const algorithm = { name: 'RSA-PSS', hash: 'SHA-384' }
  const key = (await webcrypto.subtle.importKey('spki', publicKey, algorithm, true, ['verify'])) as CryptoKey
  const message = suite.prepare(webcrypto.getRandomValues(new Uint8Array(32)))
  const { blindedMsg, inv } = await suite.blind(key, message)
  return { message, signature: await suite.finalize(key, message, await sign(blindedMsg), inv) }
}
