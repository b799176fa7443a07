/** What is kept of an answer that is on its way: in the browser of the person, and nowhere else. */
import type { BlindedCredential, SignedCredential } from './blind-credential.ts'
import { digestOf } from './fingerprint.ts'

/** What a page's `localStorage` and `sessionStorage` are. */
export interface AnsweringStorage {
  getItem(name: string): string | null
  setItem(name: string, value: string): void
  removeItem(name: string): void
}

/** Answers by the name of the question; what is not answered is left out. */
export type Answers = Record<string, GivenAnswer>
/**
 * Of a single choice the code (its place from 1), of a scale and a number the value, of a multiple choice and a ranking the
 * codes, of a matrix an object by row, of a free text the text; "not-applicable" where that is offered.
 */
export type GivenAnswer = number | string | number[] | Record<string, number | string>

/** How far an answer has come. No time is kept, and not the code. */
export interface Kept {
  /** Global id of the campaign. */
  campaign: string
  /** Global id of the organization. */
  organization: string
  draft?: Answers | undefined
  /** Kept before it is sent, because the code buys a signature for this message and no other; until it is signed. */
  blinded?: BlindedCredential | undefined
  credential?: SignedCredential | undefined
}

/** What is kept for one code. */
export interface Keeper {
  /** What it is kept under. */
  readonly name: string
  read(): Kept | null
  /** Writes nothing any more once it is over. */
  write(kept: Kept): void
  forget(): void
  /** Whether it was forgotten here, or what was read or written here is gone: forgotten by another page that finished it. */
  isOver(): boolean
}

/**
 * Keeps under a hash of the code: who finds the storage, and has no list of codes, can't tell whom it belongs to; who comes
 * back with the code finds it.
 */
export async function keeperOf(storage: AnsweringStorage, code: string): Promise<Keeper> {
  const name = `welfare-network.survey.${await digestOf(new TextEncoder().encode(code))}`
  let wasThere = false
  let over = false
  const isOver = () => {
    over ||= wasThere && storage.getItem(name) === null
    return over
  }
  return {
    name,
    read() {
      const text = storage.getItem(name)
      if (text === null) return null
      wasThere = true
      try {
        return JSON.parse(text) as Kept
      } catch (cause) {
        throw new Error(`The storage has something under "${name}" that was not written here.`, { cause })
      }
    },
    write(kept) {
      // A page that keeps drafts every few seconds must not bring back what was forgotten.
      if (isOver()) return
      storage.setItem(name, JSON.stringify(kept))
      wasThere = true
    },
    forget() {
      over = true
      storage.removeItem(name)
    },
    isOver,
  }
}

const memory = new Map<string, string>()

/** Lasts as long as the program. */
const inMemory: AnsweringStorage = {
  getItem: (name) => memory.get(name) ?? null,
  setItem: (name, value) => void memory.set(name, value),
  removeItem: (name) => void memory.delete(name),
}

/** That of the page; memory where there is no page, or where it may not store anything. */
export function usualStorage(): AnsweringStorage {
  if (globalThis.document === undefined) return inMemory
  try {
    return globalThis.localStorage
  } catch {
    return inMemory
  }
}
