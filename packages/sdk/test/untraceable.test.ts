/**
 * Somebody who has the whole server (every request with its headers, every answer, the complete log) tries to find out whose
 * answers are whose: which redemption, with the code that a person was given, and which submission are of one person.
 */
import { createPublicKey } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../server/src/testing/test-server.ts'
import { openBrowser, type Sent } from './browser.ts'
import { type OpenCampaign, openCampaign } from './open-campaign.ts'

const people = 24

let server: TestServer
let campaign: OpenCampaign
/** Headers of requests, by the identifier of the request. */
const headers = new Map<string, string>()
beforeAll(async () => {
  server = await startTestServer('demonstration')
  server.server.prependListener('request', (request, response) => {
    response.once('finish', () =>
      headers.set(String(response.getHeader('x-request-id')), request.rawHeaders.join('\n')),
    )
  })
  campaign = await openCampaign(server, [3 * people])
})
afterAll(() => server.close())

interface Person {
  redemption: Sent
  submission: Sent
  /** What takes the blinding away: the browser had it, and nobody else. */
  inverse: string
}

/** As many people answer, each in a browser of their own; `wish` is what a person writes who was given a code. */
async function letPeopleAnswer(wish: (code: string) => string): Promise<Person[]> {
  const codes = await campaign.mint(0, people)
  const redeemed = []
  for (const code of codes) {
    const { open, held, sent, toLose } = openBrowser(server.endpoint)
    const invitation = await open(code)
    // The answer is lost once, so that what is kept can be read before it is forgotten.
    toLose.push('RedeemInvitation')
    await invitation.redeem().catch(() => {})
    const { inverse } = JSON.parse([...held.values()][0]!).blinded as { inverse: string }
    redeemed.push({ code, sent, inverse, credential: await invitation.redeem() })
  }
  // In another order than they redeemed.
  for (const { code, credential } of redeemed.toReversed()) await credential.submit({ stress: 3, wish: wish(code) })
  const find = (sent: Sent[], name: string) => sent.find(({ operation }) => operation === name)!
  return redeemed.map(({ sent, inverse }) => ({
    redemption: find(sent, 'RedeemInvitation'),
    submission: find(sent, 'SubmitResponse'),
    inverse,
  }))
}

/** All that the server saw of a request and wrote about it, also what is under its base64, but the time and the identifier. */
function whatIsKnown({ body, answer, requestId }: Sent): string {
  const texts = [body, answer, headers.get(requestId)!, JSON.stringify(linesOf({ requestId }))]
  const encoded = texts.flatMap((text) => text.match(/[A-Za-z0-9+/]{40,}={0,2}/g) ?? [])
  return [...texts, ...encoded.map((text) => Buffer.from(text, 'base64').toString('latin1'))].join('\0')
}

/** What the server logged in the course of a request, but the time and the identifier. */
function linesOf({ requestId }: Pick<Sent, 'requestId'>): object[] {
  const lines = server.lines.map((line) => JSON.parse(line)).filter((line) => line.requestId === requestId)
  return lines.map(({ requestId: _id, time: _time, milliseconds: _milliseconds, ...line }) => line)
}

const length = 8

/**
 * Pieces of eight characters or bytes in each text that are not in all of them: what can tell one from another. Those with the
 * quotes around a value have so few characters of it that two are the same by chance.
 */
function tellingPieces(texts: string[]): Set<string>[] {
  const pieces = texts.map(
    (text) => new Set(Array.from({ length: text.length - length + 1 }, (_, at) => text.slice(at, at + length))),
  )
  const inAll = (piece: string) => pieces.every((other) => other.has(piece))
  return pieces.map((own) => new Set([...own].filter((piece) => !piece.includes('"') && !inAll(piece))))
}

/** Pairs of a redemption and a submission that share what tells one from another. */
function join(seen: Person[]): [redemption: number, submission: number][] {
  const redemptions = tellingPieces(seen.map(({ redemption }) => whatIsKnown(redemption)))
  const submissions = tellingPieces(seen.map(({ submission }) => whatIsKnown(submission)))
  return redemptions.flatMap((one, redemption) =>
    submissions.flatMap((other, submission): [number, number][] =>
      one.isDisjointFrom(other) ? [] : [[redemption, submission]],
    ),
  )
}

test('nothing that a redemption and a submission share tells that they are of one person', async () => {
  const seen = await letPeopleAnswer(() => 'più tempo')
  for (const { redemption, submission } of seen) {
    expect(headers.get(redemption.requestId)).toMatch(/content-type/i)
    expect(linesOf(redemption)).not.toHaveLength(0)
    expect(whatIsKnown(submission)).toContain('più tempo')
  }
  expect(join(seen)).toEqual([])

  // Requests of one kind are as long as each other, whosever they are, and what is logged of them is the same but for the time.
  for (const kind of ['redemption', 'submission'] as const) {
    const requests = seen.map((person) => person[kind])
    expect(new Set(requests.map(({ body }) => body.length)).size).toBe(1)
    expect(new Set(requests.map((sent) => JSON.stringify(linesOf(sent)))).size).toBe(1)
  }
})

test('who writes their code into an answer is found: the search bites', async () => {
  const seen = await letPeopleAnswer((code) => code.replaceAll('-', ''))
  expect(join(seen)).toEqual(seen.map((_, person) => [person, person]))
})

test('with what takes the blinding away, which browsers keep to themselves, everybody would be found', async () => {
  const seen = await letPeopleAnswer(() => '')
  const { publicKey } = await server.database.prisma.campaignOrganization.findFirstOrThrow({
    where: { headCount: 3 * people },
  })
  const { n, e } = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' }).export({
    format: 'jwk',
  })
  const modulus = numberOf(n!, 'base64url')
  const exponent = numberOf(e!, 'base64url')
  const raised = (base64: string) => power(numberOf(base64, 'base64'), exponent, modulus)
  const unblinded = seen.map(({ redemption, inverse }) => {
    const blinded = numberOf(JSON.parse(redemption.body).variables.input.blindedMessage, 'base64')
    return (blinded * raised(inverse)) % modulus
  })
  const signed = seen.map(({ submission }) => raised(JSON.parse(submission.body).variables.input.credential.signature))
  expect(unblinded).toEqual(signed)
  expect(new Set(signed).size).toBe(people)
})

function numberOf(text: string, encoding: 'base64' | 'base64url'): bigint {
  return BigInt(`0x${Buffer.from(text, encoding).toString('hex')}`)
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let [result, square] = [1n, base % modulus]
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus
    square = (square * square) % modulus
  }
  return result
}
