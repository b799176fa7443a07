import { createPublicKey } from 'node:crypto'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { asOwner } from '../../server/src/testing/test-database.ts'
import { startTestServer, type TestServer } from '../../server/src/testing/test-server.ts'
import { openBrowser } from '../test/browser.ts'
import { closeCampaign, type OpenCampaign, openCampaign } from '../test/open-campaign.ts'
import { ConnectionError, RequestError, SignatureError } from './errors.ts'
import { fingerprintOf } from './fingerprint.ts'
import { type Credential, type Invitation, openInvitation, type SurveyOptions } from './open-invitation.ts'
import type { Clock } from './wait-at-random.ts'

let server: TestServer
let campaign: OpenCampaign
beforeAll(async () => {
  server = await startTestServer('demonstration')
  campaign = await openCampaign(server, [200, 200])
})
afterAll(() => server.close())

const browser = () => openBrowser(server.endpoint)
const mintOne = async (organization = 0) => (await campaign.mint(organization, 1))[0]!

/** Answers of which the first is this one: how many came in. */
const countOf = async (stress: number): Promise<number> => {
  const [row] = await asOwner(
    server.database,
    (tx) =>
      tx.$queryRaw<[{ count: number }]>`SELECT count(*)::integer AS count FROM response WHERE answers[1] = ${stress}`,
  )
  return row.count
}

/** Calls until an answer comes, as a person does who tries again. */
async function insist<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call()
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error
    }
  }
}

test('a code opens the invitation, and its credential carries the answers, in four requests', async () => {
  const { open, operations, held } = browser()
  const code = await mintOne()
  const before = await countOf(4)
  const invitation = await open(code.toLowerCase().replaceAll('-', ' '))
  expect(invitation.campaign).toMatchObject({ id: campaign.id, name: 'Autunno', status: 'OPEN', demonstration: true })
  expect(invitation.campaign.questionnaire).toMatchObject({ name: 'benessere' })
  expect(invitation.organization.name).toBe(campaign.organizations[0]!.name)
  expect(invitation.draft).toEqual({})

  const credential = await invitation.redeem()
  expect(held.size).toBe(1)
  await credential.submit({ stress: 4, wish: 'Più tempo' })
  expect(operations()).toEqual(['Invitation', 'CampaignToAnswer', 'RedeemInvitation', 'SubmitResponse'])
  expect(held.size).toBe(0)
  expect(await countOf(4)).toBe(before + 1)
})

const every = ['Invitation', 'CampaignToAnswer', 'RedeemInvitation', 'SubmitResponse']
test.each([
  ...every.map((operation) => [operation]),
  every,
  ['RedeemInvitation', 'RedeemInvitation', 'SubmitResponse', 'SubmitResponse'],
])(
  'where answers of the server are lost (%s, …), every step goes on, on a new page, and counts once',
  async (...lost) => {
    const { open, toLose, bodiesOf, held } = browser()
    toLose.push(...lost)
    const code = await mintOne()
    const before = await countOf(5)
    await insist(async () => {
      const invitation = await open(code)
      const credential = await invitation.redeem()
      await credential.submit({ stress: 5 })
    })
    expect(await countOf(5)).toBe(before + 1)
    // The same message, blinded the same way: for another, the code would have bought nothing.
    expect(bodiesOf('RedeemInvitation')).toHaveLength(1)
    expect(bodiesOf('SubmitResponse')).toHaveLength(1)
    expect(held.size).toBe(0)
  },
)

test('a call that failed is repeated on the same page as well', async () => {
  const { open, toLose, bodiesOf } = browser()
  toLose.push('RedeemInvitation', 'SubmitResponse')
  const invitation = await open(await mintOne())
  const credential = await insist(() => invitation.redeem())
  await insist(() => credential.submit({ stress: 1 }))
  expect(bodiesOf('RedeemInvitation')).toHaveLength(1)
})

test('two pages that redeem at once have the same credential', async () => {
  const { open, bodiesOf, held } = browser()
  const code = await mintOne()
  const pages = await Promise.all([open(code), open(code)])
  const credentials = await Promise.all(pages.flatMap((page) => [page.redeem(), page.redeem()]))
  expect(bodiesOf('RedeemInvitation')).toHaveLength(1)
  const before = await countOf(2)
  for (const credential of credentials) await credential.submit({ stress: 2 })
  expect(await countOf(2)).toBe(before + 1)
  expect(held.size).toBe(0)
})

test('who comes back with a credential does not tell the code again', async () => {
  const first = browser()
  const code = await mintOne()
  await (await first.open(code)).redeem()
  first.sent.length = 0
  const credential = await (await first.open(code)).redeem()
  await credential.submit({ stress: 3 })
  expect(first.operations()).toEqual(['CampaignToAnswer', 'SubmitResponse'])
  const letters = code.replaceAll('-', '')
  for (const { body } of first.sent) expect(body.replaceAll('-', '')).not.toContain(letters)
})

test('drafts are kept, found again and never sent, and answers that count leave nothing behind', async () => {
  const { open, sent, held } = browser()
  const code = await mintOne()
  const invitation = await open(code)
  invitation.keepDraft({ wish: 'only a draft' })
  await invitation.redeem()
  const later = await open(code)
  expect(later.draft).toEqual({ wish: 'only a draft' })
  await (await later.redeem()).submit({ stress: 3 })
  expect(JSON.stringify(sent)).not.toContain('only a draft')
  expect(held.size).toBe(0)
  // A page that saves every few seconds may do it once more.
  later.keepDraft({ stress: 3 })
  expect(held.size).toBe(0)
})

test('what counts or is forgotten in one tab is not kept again by another', async () => {
  for (const finish of [
    async (tab: Invitation) => (await tab.redeem()).submit({ stress: 3 }),
    async (tab: Invitation) => tab.forget(),
  ]) {
    const { open, toLose, held, bodiesOf } = browser()
    const code = await mintOne()
    const one = await open(code)
    one.keepDraft({ wish: 'first' })
    const reader = await open(code)
    const credential = await reader.redeem()
    await finish(one)
    for (const tab of [reader, one]) {
      tab.keepDraft({ wish: 'too late' })
      expect(held.size).toBe(0)
      await expect(tab.redeem()).rejects.toThrow('in another tab')
    }
    expect(bodiesOf('RedeemInvitation')).toHaveLength(1)
    // Sending is no end of it: whether it counts, the server knows.
    toLose.push('SubmitResponse')
    await expect(credential.submit({ stress: 3 })).rejects.toBeInstanceOf(ConnectionError)
    expect(held.size).toBe(0)
  }
})

test('what is kept tells neither the code nor a time, and after the redemption not what was blinded', async () => {
  const { open, held, bodiesOf } = browser()
  const code = await mintOne()
  const invitation = await open(code)
  expect(held.size).toBe(0)
  await invitation.redeem()
  const [[name, kept]] = [...held] as [[string, string]]
  expect(Object.keys(JSON.parse(kept))).toEqual(['campaign', 'organization', 'credential'])
  expect(Object.keys(JSON.parse(kept).credential)).toEqual(['message', 'signature'])
  const { blindedMessage } = JSON.parse(bodiesOf('RedeemInvitation')[0]!).variables.input
  for (const told of [code, code.replaceAll('-', ''), blindedMessage]) expect(name + kept).not.toContain(told)
  expect(name).toMatch(/^welfare-network\.survey\.[0-9a-f]{64}$/)
})

test('an invitation can be forgotten', async () => {
  const { open, held } = browser()
  const invitation = await open(await mintOne())
  await invitation.redeem()
  invitation.forget()
  expect(held.size).toBe(0)
})

test('answers are sent between 2 and 30 seconds after they were given, or later where it was asked for', async () => {
  const { open, waited } = browser()
  for (const [longestDelay, most] of [
    [undefined, 30_000],
    [3_600, 3_600_000],
  ] as const) {
    const invitation = await open(await mintOne(), { longestDelay })
    await (await invitation.redeem()).submit({ stress: 3 })
    expect(waited.at(-1)).toBeGreaterThanOrEqual(2_000)
    expect(waited.at(-1)).toBeLessThanOrEqual(most)
  }
  expect(waited).toHaveLength(2)
  for (const longestDelay of [29, 0, Number.NaN, 86_401])
    await expect(open('0000', { longestDelay })).rejects.toThrow(RangeError)
})

/** A clock that waits for nothing, and that says how far it jumped to who asks it. */
let jumped = 0
const hasty = {
  now: () => {
    jumped += 60_000
    return jumped
  },
  wait: async () => {},
}

/** Milliseconds of the machine's own time between the answer to the redemption and the sending of the answers. */
function watchGap({ options }: ReturnType<typeof browser>) {
  const times = { redeemed: Number.NaN, sent: Number.NaN }
  const watching: typeof fetch = async (resource, init) => {
    const { operationName } = JSON.parse(String(init!.body))
    if (operationName === 'SubmitResponse') times.sent = performance.now()
    const response = await options.fetch!(resource, init)
    if (operationName === 'RedeemInvitation') times.redeemed = performance.now()
    return response
  }
  return { gap: () => times.sent - times.redeemed, hurried: { clock: hasty, fetch: watching } }
}

test('within a second of redeeming nothing is sent, whatever the clock and whichever page sends', async () => {
  vi.resetModules()
  const another = await import('./open-invitation.ts')
  const waysOn: ((code: string, more: SurveyOptions, redeemed: Credential) => Promise<Credential>)[] = [
    async (_code, _more, redeemed) => redeemed,
    // Opened once more, by the same page.
    async (code, more) => (await openInvitation(code, more))!.redeem(),
    // By a page that has nothing of the first but what is stored.
    async (code, more) => (await another.openInvitation(code, more))!.redeem(),
  ]
  const gaps = await Promise.all(
    waysOn.map(async (goOn) => {
      const own = browser()
      const { gap, hurried } = watchGap(own)
      const code = await mintOne()
      const credential = await (await own.open(code, hurried)).redeem()
      await (await goOn(code, { ...own.options, ...hurried }, credential)).submit({ stress: 3 })
      return gap()
    }),
  )
  for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(1_000)
})

test('who leaves within the second after redeeming sends nothing, and the answers stay', async () => {
  const { open, operations } = browser()
  const code = await mintOne()
  const credential = await (await open(code, { clock: hasty })).redeem()
  const leaving = new AbortController()
  const submitting = credential.submit({ stress: 3 }, { signal: leaving.signal })
  leaving.abort(new Error('left the page'))
  await expect(submitting).rejects.toThrow('left the page')
  expect(operations()).not.toContain('SubmitResponse')
  expect((await open(code)).draft).toEqual({ stress: 3 })
})

test('by its own timer it sends nothing for two seconds', async () => {
  const { open, operations } = browser()
  const invitation = await open(await mintOne(), { clock: undefined })
  const credential = await invitation.redeem()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const leaving = new AbortController()
  const submitting = credential.submit({ stress: 3 }, { signal: leaving.signal })
  await vi.advanceTimersByTimeAsync(1_999)
  expect(operations()).not.toContain('SubmitResponse')
  leaving.abort(new Error('left the page'))
  await expect(submitting).rejects.toThrow('left the page')
  expect(operations()).not.toContain('SubmitResponse')
})

test('answers are sent as they were given, whatever becomes of them during the wait', async () => {
  const { open, options, bodiesOf } = browser()
  const answers = { stress: 3, wish: 'as given' }
  const clock: Clock = {
    wait: async (...how) => {
      await options.clock!.wait(...how)
      answers.wish = 'changed'
    },
  }
  const invitation = await open(await mintOne(), { clock })
  await (await invitation.redeem()).submit(answers)
  expect(JSON.parse(bodiesOf('SubmitResponse')[0]!).variables.input.answers).toEqual({ stress: 3, wish: 'as given' })
})

test('requests carry no credential of the page, no cookie and no address', async () => {
  const { open, sent } = browser()
  await (await (await open(await mintOne())).redeem()).submit({ stress: 3 })
  expect(sent).toHaveLength(4)
  for (const { init } of sent) {
    expect(init).toMatchObject({ credentials: 'omit', referrerPolicy: 'no-referrer', cache: 'no-store' })
    const names = [...new Headers(init.headers).keys()]
    expect(names.sort()).toEqual(['accept', 'content-type'])
  }
})

test('the key comes from the campaign, and in the request for it nobody is known', async () => {
  const [one, other] = [browser(), browser()]
  for (const { open } of [one, other]) await open(await mintOne())
  expect(one.bodiesOf('CampaignToAnswer')).toEqual(other.bodiesOf('CampaignToAnswer'))
  expect(one.sent[0]!.answer).not.toContain('publicKey')
  expect(one.sent[0]!.body).not.toContain('publicKey')
})

/** A server that names something else to one person than to others, and knows what was meant when it is asked. No real one does. */
function lie({ options }: ReturnType<typeof browser>, truth: string, named: string) {
  const bodies: string[] = []
  const lying: typeof fetch = async (resource, init) => {
    const body = String(init!.body)
    bodies.push(body)
    const response = await options.fetch!(resource, { ...init, body: body.replaceAll(named, truth) })
    return new Response((await response.text()).replaceAll(truth, named), response)
  }
  return { lying, bodies }
}

/** What a letter says of an invitation. */
const expectedOf = (organization = 0) => ({
  campaign: campaign.id,
  organization: campaign.organizations[organization]!.id,
})

test.each(['campaign', 'organization'] as const)(
  'a server that names another %s for a code knows who answers, unless the page says which it expects',
  async (what) => {
    const expected = expectedOf()
    const named = btoa(`${what} of this code`)
    const believing = browser()
    const { lying, bodies } = lie(believing, expected[what], named)
    await (await (await believing.open(await mintOne(), { fetch: lying })).redeem()).submit({ stress: 3 })
    expect(bodies.at(-1)).toContain(named)

    const doubting = browser()
    const code = await mintOne()
    const refused = async () => {
      const { lying } = lie(doubting, expected[what], named)
      const opening = doubting.open(code, { fetch: lying, expect: expected })
      await expect(opening).rejects.toBeInstanceOf(SignatureError)
      await expect(opening).rejects.toThrow(`The ${what} is ${named}, and should be ${expected[what]}`)
    }
    await refused()
    expect(doubting.operations()).toEqual(['Invitation'])
    // What was believed before, and is kept, is refused as well.
    ;(await doubting.open(code, { fetch: lie(doubting, expected[what], named).lying })).keepDraft({ stress: 3 })
    doubting.sent.length = 0
    await refused()
    expect(doubting.sent).toHaveLength(0)
  },
)

test('a server that gives somebody a key of their own is found out before it signs, where the key is expected', async () => {
  const { publicKey } = (await browser().open(await mintOne())).organization
  const other = (await browser().open(await mintOne(1))).organization.publicKey
  const expected = { ...expectedOf(), publicKey: await fingerprintOf(publicKey) }
  const doubting = browser()
  const { lying } = lie(doubting, publicKey, other)
  const opening = doubting.open(await mintOne(), { fetch: lying, expect: expected })
  await expect(opening).rejects.toBeInstanceOf(SignatureError)
  await expect(opening).rejects.toThrow(`The key is ${await fingerprintOf(other)}`)
  expect(doubting.operations()).toEqual(['Invitation', 'CampaignToAnswer'])
  expect(doubting.held.size).toBe(0)
})

test('where all is as expected, answers count as ever', async () => {
  const { open, operations } = browser()
  const { publicKey } = (await browser().open(await mintOne(1))).organization
  const expected = { ...expectedOf(1), publicKey: await fingerprintOf(publicKey) }
  await (await (await open(await mintOne(1), { expect: expected })).redeem()).submit({ stress: 3 })
  expect(operations()).toEqual(every)
})

function modulusOf(publicKey: string): bigint {
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
  return BigInt(`0x${Buffer.from(key.export({ format: 'jwk' }).n!, 'base64url').toString('hex')}`)
}

test('a signature by another key than was given is told, and not used', async () => {
  const { open, options, held } = browser()
  const invited = await Promise.all(
    [0, 1].map(async (index) => ({ index, ...(await browser().open(await mintOne(index))).organization })),
  )
  // What is blinded for the key of the smaller modulus can be signed by the other.
  const [other, own] = invited.toSorted((a, b) => (modulusOf(a.publicKey) < modulusOf(b.publicKey) ? -1 : 1)) as [
    (typeof invited)[number],
    (typeof invited)[number],
  ]
  const code = await mintOne(own.index)
  // A server that gives this person another key; no real one does.
  const lying: typeof fetch = async (...request) => {
    const response = await options.fetch!(...request)
    return new Response((await response.text()).replaceAll(own.publicKey, other.publicKey), response)
  }
  const invitation = await open(code, { fetch: lying })
  await expect(invitation.redeem()).rejects.toBeInstanceOf(SignatureError)
  expect([...held.values()].join()).not.toContain('signature')
})

test.each(['', 'no code', '7QF2-M9XK', '0000-0000-0000-0000-000U'])(
  '"%s" is no code, and nobody is asked',
  async (text) => {
    const { options, sent } = browser()
    expect(await openInvitation(text, options)).toBeNull()
    expect(sent).toHaveLength(0)
  },
)

test('a code that nobody gave opens nothing', async () => {
  const { options, held } = browser()
  expect(await openInvitation('0000-0000-0000-0000-0000', options)).toBeNull()
  expect(held.size).toBe(0)
})

test('a code that was used in another browser is refused', async () => {
  const code = await mintOne()
  await (await browser().open(code)).redeem()
  const failing = (await browser().open(code)).redeem()
  await expect(failing).rejects.toBeInstanceOf(RequestError)
  await expect(failing).rejects.toMatchObject({
    errors: [{ code: 'INVITATION_INVALID', path: ['code'] }],
    requestId: expect.stringMatching(/^[\w-]{36}$/),
  })
})

test('answers that the questionnaire does not take are refused with where they are wrong, and can be corrected', async () => {
  const { open, held } = browser()
  const credential = await (await open(await mintOne())).redeem()
  await expect(credential.submit({ stress: 9 })).rejects.toMatchObject({
    name: 'RequestError',
    errors: [{ code: 'ANSWERS_INVALID', path: expect.arrayContaining(['answers']) }],
  })
  expect(held.size).toBe(1)
  await credential.submit({ stress: 3 })
  expect(held.size).toBe(0)
})

test('other answers after those that count are refused, and forgotten', async () => {
  const { open, toLose, held } = browser()
  const code = await mintOne()
  toLose.push('SubmitResponse')
  const credential = await (await open(code)).redeem()
  await expect(credential.submit({ stress: 3 })).rejects.toBeInstanceOf(ConnectionError)
  expect((await open(code)).draft).toEqual({ stress: 3 })
  await expect(credential.submit({ stress: 4 })).rejects.toMatchObject({ errors: [{ code: 'CREDENTIAL_SPENT' }] })
  expect(held.size).toBe(0)
})

test('what is not of this program in the storage is not taken for its own', async () => {
  const { open, held } = browser()
  const code = await mintOne()
  await (await open(code)).redeem()
  for (const name of held.keys()) held.set(name, 'half of {')
  await expect(open(code)).rejects.toThrow(/not written here/)
})

test('without a page and without a storage, memory keeps what is needed', async () => {
  const { options } = browser()
  const code = await mintOne()
  const open = () => openInvitation(code, { ...options, storage: undefined })
  ;(await open())!.keepDraft({ wish: 'kept' })
  expect((await open())!.draft).toEqual({ wish: 'kept' })
  ;(await open())!.forget()
  expect((await open())!.draft).toEqual({})
})

test('an invitation to a campaign that is closed opens nothing, and what was kept is forgotten', async () => {
  const other = await openCampaign(server, [10])
  const [code, unused] = (await other.mint(0, 2)) as [string, string]
  const { open, options, held } = browser()
  await (await open(code)).redeem()
  await closeCampaign(other.runner, other.id)
  expect(await openInvitation(code, options)).toBeNull()
  expect(await openInvitation(unused, options)).toBeNull()
  expect(held.size).toBe(0)
})
