/** Private keys at rest: sealed with a key of the server's secrets, so that a copy of the database signs nothing. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Transaction } from '../../../database/connect.ts'
import type { Secrets } from '../../../secrets.ts'

/** A private key at rest. */
export interface Sealed {
  /** Nonce, ciphertext and tag of AES-256-GCM. */
  sealed: Uint8Array<ArrayBuffer>
  /** Name of the secret. */
  sealedWith: string
}

const algorithm = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

/** Whether keys of campaigns lie sealed with a secret, which could sign nothing without it. */
export async function isSecretSealing(tx: Transaction, id: string): Promise<boolean> {
  return (await tx.campaignOrganization.findFirst({ where: { sealedWith: id }, select: { campaignId: true } })) !== null
}

/** Seals for one place, named by `context`: in any other it does not open. */
export function sealKey(secrets: Secrets, context: string, key: Uint8Array): Sealed {
  const { id, key: master } = secrets.current('campaign-key')
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv(algorithm, master, nonce).setAAD(Buffer.from(context))
  const sealed = Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()])
  return { sealed: Uint8Array.from(sealed), sealedWith: id }
}

/** Throws where the secret is gone, or what is sealed was changed or moved: nothing of it is told. */
export function openKey(secrets: Secrets, context: string, { sealed, sealedWith }: Sealed): Buffer {
  const master = secrets.accepted('campaign-key').find(({ id }) => id === sealedWith)
  if (master === undefined) throw new Error(`The secret ${sealedWith} is gone from the file of secrets: restore it.`)
  const decipher = createDecipheriv(algorithm, master.key, sealed.subarray(0, nonceBytes))
  decipher.setAAD(Buffer.from(context)).setAuthTag(sealed.subarray(-tagBytes))
  return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, -tagBytes)), decipher.final()])
}
