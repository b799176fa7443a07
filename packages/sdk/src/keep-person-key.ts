/** Keeps the person key where it is made. */
import { createPersonKey, isPersonKey } from './person-key.ts'

/** What a page's `localStorage` and `sessionStorage` are. */
export interface KeyStorage {
  getItem(name: string): string | null
  setItem(name: string, value: string): void
}

const name = 'welfare-network.person-key'

/**
 * The person key that a storage keeps; one is made where there is none. With `restored`, as it is read from a recovery code,
 * that one is kept from now on in place of what was there.
 *
 * A storage, and no cookie: a cookie goes to the server of the page with every request, and that is an employer's. Throws
 * when the storage has something else under the name, for it could be all that is left of somebody's key.
 */
export function keepPersonKey(storage: KeyStorage, restored?: string): string {
  const kept = storage.getItem(name)
  if (restored === undefined && kept !== null) {
    if (!isPersonKey(kept)) {
      throw new Error(
        `The storage has something under "${name}" that is not a person key. Restore it from its recovery code.`,
      )
    }
    return kept
  }
  const key = restored ?? createPersonKey()
  if (!isPersonKey(key))
    throw new TypeError('What should be restored is not a person key. Is it a recovery code? Read it first.')
  storage.setItem(name, key)
  return key
}
