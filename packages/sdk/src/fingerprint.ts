/** What a long text or key is known by: short enough to be compared, and printed in a letter. */
import { fromBase64 } from './base64.ts'

/**
 * The fingerprint of a public key as the API gives it (SPKI in DER, base64): its SHA-256, in 64 small hexadecimal digits. Who
 * has the key in a file comes to the same with `openssl dgst -sha256`.
 */
export function fingerprintOf(publicKey: string): Promise<string> {
  return digestOf(fromBase64(publicKey))
}

/** SHA-256, in small hexadecimal digits. */
export async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
