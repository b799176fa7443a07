import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { request as send } from 'node:http'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { type Actor, anyone } from '../actor.ts'
import { createApiKey } from '../domains/access/api-keys.ts'
import { openTestDatabase } from '../testing/test-database.ts'
import { serve } from '../testing/test-server.ts'
import { budgetDefaults, openBudgets } from './budgets.ts'

const settings = { anyone: 100, partner: 1_000, person: 1_000, staff: 1_000 }

function from(remoteAddress: string): IncomingMessage {
  return { headers: {}, socket: { remoteAddress } } as unknown as IncomingMessage
}

test('nobody pays more than their budget in a minute, and everybody gets it anew after', () => {
  const callers = fc.constantFrom('192.0.2.1', '192.0.2.2')
  const step = fc.record({ caller: callers, cost: fc.integer({ min: 1, max: 60 }), wait: fc.nat(30_000) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let now = 0
      const budgets = openBudgets(settings, 0, () => now)
      const windows = new Map<string, { until: number; spent: number }>()
      for (const { caller, cost, wait } of steps) {
        now += wait
        const known = windows.get(caller)
        const window = known !== undefined && known.until > now ? known : { until: now + 60_000, spent: 0 }
        windows.set(caller, window)
        const purse = budgets.of(anyone, from(caller))
        expect(purse.remaining).toBe(100 - window.spent)
        const pays = cost <= 100 - window.spent
        expect(purse.pay(cost)).toBe(pays)
        expect(purse.pay(cost), 'a request pays once').toBe(pays)
        if (pays) window.spent += cost
        expect(purse.remaining).toBe(100 - window.spent)
      }
    }),
  )
})

test('each key, person and somebody of the staff has a budget of their own; neighbours on IPv6 share one', () => {
  const budgets = openBudgets(settings, 0)
  const place = { networkId: 'n', organizationId: 'o' }
  const actors: Actor[] = [
    ...['a', 'b'].map((keyId) => ({ kind: 'partner' as const, keyId, scopes: new Set([]), ...place })),
    ...['a', 'b'].map((personId) => ({ kind: 'person' as const, personId, relation: 'employee' as const, ...place })),
    ...['a', 'b'].map((subject) => ({ kind: 'staff' as const, issuer: 'https://id', subject, roles: [] })),
  ]
  for (const actor of actors) {
    expect(budgets.of(actor, from('::1')).remaining).toBe(1_000)
    budgets.of(actor, from('::1')).pay(700)
    expect(budgets.of(actor, from('192.0.2.1')).remaining, 'wherever they ask from').toBe(300)
  }
  budgets.of(anyone, from('2001:db8::1')).pay(60)
  expect(budgets.of(anyone, from('2001:db8::2')).remaining).toBe(40)
  expect(budgets.of(anyone, from('2001:db8:0:1::1')).remaining).toBe(100)
})

async function server(budgets = settings, trustedProxies = 1) {
  const running = await serve(await openTestDatabase('demonstration'), {
    corsOrigins: '*',
    development: false,
    budgets,
    trustedProxies,
  })
  onTestFinished(() => running.close())
  /** One more request from an address; node's own client, for fetch would not send twice what is to be the same. */
  const ask = (path: string, body: object | undefined, address = '192.0.2.1', credential?: string) =>
    new Promise<{ status: number; headers: IncomingMessage['headers']; text: string }>((resolve, reject) => {
      const headers = {
        'x-forwarded-for': address,
        ...(body && { 'content-type': 'application/json' }),
        ...(credential && { authorization: `Bearer ${credential}` }),
      }
      const request = send(`${running.origin}${path}`, { method: body ? 'POST' : 'GET', headers }, async (response) => {
        const chunks = await response.toArray()
        resolve({ status: response.statusCode!, headers: response.headers, text: Buffer.concat(chunks).toString() })
      })
      request.on('error', reject)
      request.end(body && JSON.stringify(body))
    })
  return { running, ask }
}

const query = '{ network(slug: "alba-bra") { name territory(first: 10) { nodes { municipality { name } } } } }'

test('a request says what it cost and what is left, known and unknown documents alike, until all is spent', async () => {
  const { ask } = await server()
  const first = await ask('/graphql', { query })
  const { cost } = JSON.parse(first.text).extensions
  expect(cost).toEqual({ requested: cost.requested, limit: 100, remaining: 100 - cost.requested })
  expect(cost.requested).toBeGreaterThan(10)
  expect(first.headers['ratelimit-policy']).toBe('"cost";q=100;w=60;qu="cost"')
  expect(first.headers.ratelimit).toMatch(new RegExp(`^"cost";r=${cost.remaining};t=(60|59)$`))
  let left = cost.remaining
  for (; left >= cost.requested; left -= cost.requested) {
    const next = await ask('/graphql', { query })
    expect(JSON.parse(next.text)).toMatchObject({
      data: {},
      extensions: { cost: { remaining: left - cost.requested } },
    })
  }
  for (const again of [query, `${query} # another document`]) {
    const refused = await ask('/graphql', { query: again })
    expect(refused.status).toBe(429)
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60)
    expect(refused.headers.ratelimit).toContain(`r=${left};`)
    const { data, errors } = JSON.parse(refused.text)
    expect(data).toBeUndefined()
    expect(errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED', requestId: refused.headers['x-request-id'] } }])
    expect(errors[0].message).toContain(`This costs ${cost.requested}. ${left} of 100 a minute are left`)
  }
  expect((await ask('/graphql', { query }, '192.0.2.2')).status, 'somebody else').toBe(200)
  expect((await ask('/graphql', { query: '{ __typename }' })).status, 'what is left will do').toBe(200)
})

test('the same document costs by its variables, and is refused by the same limits', async () => {
  const { ask } = await server(budgetDefaults)
  const paged = 'query ($n: Int!) { networks(first: $n) { nodes { name } } }'
  const costs = []
  for (const n of [1, 10, 10, 1]) {
    const { text } = await ask('/graphql', { query: paged, variables: { n } })
    costs.push(JSON.parse(text).extensions.cost.requested)
  }
  // The field itself, and for each item the item and its name.
  expect(costs).toEqual([3, 21, 21, 3])
  const deep = `query ($n: Int!) { networks(first: $n) { nodes { members(first: $n) { nodes { organization { services(first: $n) {
    nodes { name } } } } } } } }`
  for (let time = 0; time < 2; time += 1) {
    expect(JSON.parse((await ask('/graphql', { query: deep, variables: { n: 1 } })).text).errors).toBeUndefined()
    const { text } = await ask('/graphql', { query: deep, variables: { n: 100 } })
    expect(JSON.parse(text).errors[0].extensions.code).toBe('TOO_COMPLEX')
    const wrong = await ask('/graphql', { query: deep, variables: { n: 'x' } })
    expect(JSON.parse(wrong.text).errors[0].extensions.code).toBe('BAD_USER_INPUT')
  }
})

test('what is not executed costs a little too, and whoever has spent all is not read', async () => {
  const { ask } = await server({ ...settings, anyone: 3 })
  for (const body of [{ query: '{ nothing }' }, { query: '{' }, { query: '{ __typename' }]) {
    expect((await ask('/graphql', body)).status).toBeLessThan(429)
  }
  expect((await ask('/graphql', { query: '{ __typename }' })).status).toBe(429)
  expect((await ask('/hsds/alba-bra/services', undefined)).status).toBe(429)
  expect((await ask('/health/ready', undefined)).status).toBe(200)
})

test('the HSDS API draws on the same budget, for each record', async () => {
  const { ask } = await server()
  const listed = await ask('/hsds/alba-bra/services?per_page=10', undefined)
  expect(listed.headers.ratelimit).toMatch(/^"cost";r=99;/)
  const next = await ask('/hsds/alba-bra', undefined)
  expect(next.headers.ratelimit, 'ten records, and this').toMatch(/^"cost";r=88;/)
  await ask('/hsds/alba-bra/services?per_page=10&full=true', undefined)
  const refused = await ask('/hsds/alba-bra/services', undefined)
  expect(refused.status).toBe(429)
  expect(JSON.parse(refused.text).errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }])
  expect((await ask('/graphql', { query: '{ __typename }' })).status).toBe(429)
})

test('callers are told their budget by the viewer, a key that of the key', async () => {
  const { running, ask } = await server()
  const { id, networkId } = await running.database.prisma.organization.findFirstOrThrow()
  const owner = { networkId, organizationId: id, name: 'intranet', expiresAt: null }
  const { key } = await createApiKey(running.database.prisma, { ...owner, scopes: ['directory_write'] })
  const viewer = '{ viewer { __typename ... on Caller { budget { limit remaining resetsAt } } } }'
  const tell = async (credential?: string) =>
    JSON.parse((await ask('/graphql', { query: viewer }, undefined, credential)).text)
  const nobody = await tell()
  const { limit, remaining } = nobody.extensions.cost
  expect(nobody.data.viewer).toMatchObject({ __typename: 'AnonymousViewer', budget: { limit, remaining } })
  const until = Date.parse(nobody.data.viewer.budget.resetsAt) - Date.now()
  expect(until).toBeGreaterThan(0)
  expect(until).toBeLessThanOrEqual(60_000)
  expect((await tell(key)).data.viewer).toMatchObject({ __typename: 'PartnerViewer', budget: { limit: 1_000 } })
})

test('what is left to a key tells nothing of others, not of those at its address who come through its organization', async () => {
  const { running, ask } = await server({ ...settings, anyone: 10_000 })
  const { organizationId: id, networkId } = await running.database.prisma.membership.findFirstOrThrow({
    where: { status: 'active' },
  })
  const owner = { networkId, organizationId: id, name: 'intranet', expiresAt: null }
  const keys = [await createApiKey(running.database.prisma, { ...owner, scopes: ['grant_issue'] })]
  keys.push(await createApiKey(running.database.prisma, { ...owner, scopes: ['grant_issue'] }))
  const [own, other] = keys.map(({ key }) => key) as [string, string]
  const look = async () => {
    const { headers, text } = await ask('/graphql', { query: '{ viewer { __typename } }' }, undefined, own)
    const { requested, remaining } = JSON.parse(text).extensions.cost
    expect(headers.ratelimit).toContain(`r=${remaining};`)
    return { requested, remaining }
  }
  const before = await look()
  const issue = 'mutation { issueGrant(input: { relation: EMPLOYEE }) { ... on IssuedGrant { grant } } }'
  const { grant } = JSON.parse((await ask('/graphql', { query: issue }, undefined, other)).text).data.issueGrant
  const personKey = randomBytes(16).toString('base64url')
  const open = `mutation { openPersonSession(input: { network: "alba-bra", grant: "${grant}", personKey: "${personKey}" }) {
    ... on OpenedSession { token } } }`
  const { token } = JSON.parse((await ask('/graphql', { query: open })).text).data.openPersonSession
  for (const query of ['mutation { exportMyData { __typename } }', 'mutation { eraseMe { __typename } }']) {
    expect((await ask('/graphql', { query }, undefined, token)).status).toBe(200)
  }
  expect(await look()).toEqual({ ...before, remaining: before.remaining - before.requested })
})

test('no address is logged', async () => {
  const { running, ask } = await server()
  await ask('/graphql', { query: '{ __typename }' }, '198.51.100.77')
  await ask('/hsds/alba-bra/services', undefined, '198.51.100.77')
  expect(running.lines.join()).not.toContain('198.51.100')
})
