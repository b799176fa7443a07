/**
 * Blind signatures: the server signs what it can't see, and can't tell later which signature came of it. RFC 9474,
 * RSABSSA-SHA384-PSS-Randomized. Browsers blind and unblind with @cloudflare/blindrsa-ts; here are the server's two parts, by
 * Node's own RSA, which takes a thousandth of a second where arithmetic in JavaScript takes hundreds of them.
 */
import { constants, generateKeyPair, type KeyObject, privateDecrypt, publicEncrypt, verify } from 'node:crypto'
import { promisify } from 'node:util'

/** Bytes of a modulus, and so of blinded messages and signatures. */
export const modulusBytes = 256

/** Bytes of a prepared message: 32 of the random prefix that the variant asks for, and 32 that the browser drew. */
export const preparedBytes = 64

/** A new key pair, in DER: SPKI and PKCS #8. */
export async function makeSigningKey(): Promise<{ publicKey: Buffer; privateKey: Buffer }> {
  return promisify(generateKeyPair)('rsa', {
    modulusLength: modulusBytes * 8,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
  })
}

/** Whether the key can sign a blinded message: it is as long as the modulus, and below it. */
export function isSignable({ publicKey }: Pick<SigningKey, 'publicKey'>, blinded: Uint8Array): boolean {
  const modulus = Buffer.from(publicKey.export({ format: 'jwk' }).n!, 'base64url')
  return blinded.length === modulus.length && Buffer.compare(blinded, modulus) < 0
}

/**
 * BlindSign of RFC 9474, 4.3, of a message that {@link isSignable}: the raw RSA operation, and the check that no fault of the
 * machine let the key out.
 */
export function signBlinded({ publicKey, privateKey }: SigningKey, blinded: Uint8Array): Buffer {
  const signature = privateDecrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, blinded)
  const back = publicEncrypt({ key: publicKey, padding: constants.RSA_NO_PADDING }, signature)
  if (!back.equals(blinded)) throw new Error('An RSA signature does not verify: the machine, or the key, is faulty.')
  return signature
}

/** The two halves of an RSA key pair, of {@link modulusBytes}. */
export interface SigningKey {
  publicKey: KeyObject
  privateKey: KeyObject
}

/** Whether the signature is one of the key for the prepared message (RSASSA-PSS with SHA-384 and a salt of 48 bytes). */
export function isSignature(publicKey: KeyObject, prepared: Uint8Array, signature: Uint8Array): boolean {
  const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 48 }
  return verify('sha384', prepared, { key: publicKey, ...padding }, signature)
}
