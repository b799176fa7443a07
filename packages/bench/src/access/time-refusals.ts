/** How long the server takes to answer each kind of credential, one request at a time, in turns. */
import { randomBytes } from 'node:crypto'
import { Pool } from 'undici'
import type { Told } from './server.ts'

export interface Answered {
  what: string
  status: number
  milliseconds: number[]
}

/** Each key is sent once, since the server remembers it for a moment. */
export async function timeRefusals({ port, keys, person }: Told): Promise<Answered[]> {
  const { length } = keys.right
  const many = (make: () => string) => Array.from({ length }, make)
  const kinds: Record<string, string[]> = {
    ...keys,
    'malformed key': many(() => `wnk1_${randomBytes(16).toString('hex')}_${randomBytes(31).toString('base64url')}`),
    'forged session': many(() => `${person.slice(0, -43)}${randomBytes(32).toString('base64url')}`),
    'token of another issuer': many(
      () => `eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.${randomBytes(256).toString('base64url')}`,
    ),
    'very long': many(() => 'A'.repeat(9_000)),
  }
  const names = Object.keys(kinds)
  const answered = new Map(names.map((what): [string, Answered] => [what, { what, status: 0, milliseconds: [] }]))
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 1, pipelining: 1 })
  const ask = async (credential: string) => {
    const began = performance.now()
    const { statusCode, body } = await pool.request({
      path: '/graphql',
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${credential}` },
      body: '{"query":"{ viewer { __typename } }"}',
    })
    await body.dump({ limit: Number.MAX_SAFE_INTEGER })
    return { statusCode, milliseconds: performance.now() - began }
  }
  for (let turn = 0; turn < length; turn += 1) {
    // In another order each time, so that nobody always follows the same.
    for (const what of shuffled(names)) {
      const { statusCode, milliseconds } = await ask(kinds[what]![turn]!)
      // The first of them warm the server up.
      if (turn < length / 10) continue
      const each = answered.get(what)!
      each.status = statusCode
      each.milliseconds.push(milliseconds)
    }
  }
  await pool.close()
  return [...answered.values()]
}

function shuffled(names: string[]): string[] {
  return names
    .map((name) => ({ name, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ name }) => name)
}
