/** Somebody's browser: what it stores, what it sends, and how long it waits. */
import { expect, vi } from 'vitest'
import { type Invitation, openInvitation, type SurveyOptions } from '../src/open-invitation.ts'

/** A request as it went out, and what came back. */
export interface Sent {
  operation: string
  body: string
  init: RequestInit
  answer: string
  /** Identifier of the request, as the server's log has it. */
  requestId: string
}

/** Milliseconds by which the machine's time is ahead, because they were waited without anybody's waiting. */
let ahead = 0
const now = performance.now.bind(performance)
vi.spyOn(performance, 'now').mockImplementation(() => now() + ahead)

export function openBrowser(endpoint: string) {
  const held = new Map<string, string>()
  const sent: Sent[] = []
  const waited: number[] = []
  /** Operations whose answer will be lost on its way. */
  const toLose: string[] = []
  const options: SurveyOptions = {
    endpoint,
    storage: {
      getItem: (name) => held.get(name) ?? null,
      setItem: (name, value) => void held.set(name, value),
      removeItem: (name) => void held.delete(name),
    },
    // Nobody waits, and time passes all the same.
    clock: {
      wait: async (milliseconds) => {
        waited.push(milliseconds)
        ahead += milliseconds
      },
    },
    fetch: async (resource, init = {}) => {
      const body = String(init.body)
      const { operationName: operation } = JSON.parse(body) as { operationName: string }
      const response = await fetch(resource, init)
      const answer = await response.text()
      sent.push({ operation, body, init, answer, requestId: response.headers.get('x-request-id')! })
      const lost = toLose.indexOf(operation)
      if (lost < 0) return new Response(answer, response)
      toLose.splice(lost, 1)
      throw new TypeError('the connection broke')
    },
  }
  return {
    held,
    sent,
    waited,
    toLose,
    options,
    /** A page that opens an invitation. Each call is a page of its own: they share what is stored, and nothing else. */
    open: async (code: string, more: Partial<SurveyOptions> = {}): Promise<Invitation> =>
      (await openInvitation(code, { ...options, ...more })) ?? expect.fail('there is no such invitation'),
    operations: () => sent.map(({ operation }) => operation),
    /** What was sent by an operation, each body once. */
    bodiesOf: (name: string) => [
      ...new Set(sent.filter(({ operation }) => operation === name).map(({ body }) => body)),
    ],
  }
}
