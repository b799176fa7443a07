/**
 * Blind signatures, the part of the browser (RFC 9474, RSABSSA-SHA384-PSS-Randomized): the server signs a message that it
 * can't see, and can't recognize later what it signed.
 */
import { RSABSSA } from '@cloudflare/blindrsa-ts'
import { fromBase64, toBase64 } from './base64.ts'

/** A message before it is signed. Everything is base64, as it is kept and sent. */
export interface BlindedCredential {
  /** The prepared message, which only this browser knows until it answers. */
  message: string
  /** What the server gets to sign. */
  blindedMessage: string
  /** What takes the blinding away: who has it can join what was signed with what was blinded. */
  inverse: string
}

/** A message that is signed: what one answer is submitted with. */
export interface SignedCredential {
  message: string
  signature: string
}

const drawnBytes = 32

/** Draws a message and blinds it with a public key (SPKI, in base64). */
export async function blindCredential(publicKey: string): Promise<BlindedCredential> {
  const suite = RSABSSA.SHA384.PSS.Randomized()
  const message = suite.prepare(crypto.getRandomValues(new Uint8Array(drawnBytes)))
  const { blindedMsg, inv } = await suite.blind(await importKey(publicKey), message)
  return { message: toBase64(message), blindedMessage: toBase64(blindedMsg), inverse: toBase64(inv) }
}

/** Takes the blinding off a blind signature, and verifies it: null where it is none of the key. */
export async function unblindCredential(
  publicKey: string,
  { message, inverse }: BlindedCredential,
  blindSignature: string,
): Promise<SignedCredential | null> {
  const key = await importKey(publicKey)
  try {
    const blind = fromBase64(blindSignature)
    const signature = await RSABSSA.SHA384.PSS.Randomized().finalize(
      key,
      fromBase64(message),
      blind,
      fromBase64(inverse),
    )
    return { message, signature: toBase64(signature) }
  } catch {
    // The library tells a signature that is not valid by throwing an error without a type.
    return null
  }
}

function importKey(publicKey: string): Promise<CryptoKey> {
  return crypto.subtle.importKey('spki', fromBase64(publicKey), { name: 'RSA-PSS', hash: 'SHA-384' }, true, ['verify'])
}
