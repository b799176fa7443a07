/** The public keys of an OpenID Connect issuer: found by its discovery document, kept, and read again as they rotate. */
import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose'
import { z } from 'zod'

/** The issuer doesn't say its keys, so that no token can be judged; the message says why and holds nothing of a token. */
export class IssuerUnreachable extends Error {
  override readonly name = 'IssuerUnreachable'
}

/** How long keys are taken that the issuer may have withdrawn since. */
const keptMilliseconds = 10 * 60_000
/** Tokens that name a key that nobody knows make us ask the issuer again, but not more often than this. */
const cooldownMilliseconds = 10_000
/** After a failure the issuer is left alone for a while, however many tokens come. */
const pauseMilliseconds = 5_000
/** For discovery and keys together. */
const patienceMilliseconds = 5_000

const discoveryDocument = z.object({ issuer: z.string(), jwks_uri: z.url() })
const keySet = z.object({ keys: z.array(z.looseObject({})) })

/** Finds the key that a token names. Nothing is asked of the issuer before the first. Rejects with {@link IssuerUnreachable}. */
export function issuerKeys(issuer: string): JWTVerifyGetKey {
  let failure: { error: IssuerUnreachable; until: number } | undefined
  // Each time that keys are wanted they are discovered anew: an issuer may move them.
  return createRemoteJWKSet(discoveryUrl(issuer), {
    cacheMaxAge: keptMilliseconds,
    cooldownDuration: cooldownMilliseconds,
    timeoutDuration: patienceMilliseconds,
    [customFetch]: async (_, { signal }) => {
      if (failure !== undefined && Date.now() < failure.until) throw failure.error
      try {
        return Response.json(await discoverKeys(issuer, signal))
      } catch (cause) {
        const error = new IssuerUnreachable(`${issuer}: its keys can't be read (${reasonOf(cause)}).`, { cause })
        failure = { error, until: Date.now() + pauseMilliseconds }
        throw error
      }
    },
  })
}

/** Whether this can be the address of an issuer: by HTTPS unless it is on this machine, without query and fragment. */
export function isIssuer(text: string): boolean {
  if (!URL.canParse(text) || /[?#\s]/.test(text)) return false
  const { username, password } = new URL(text)
  return username === '' && password === '' && isSafe(text)
}

async function discoverKeys(issuer: string, signal: AbortSignal): Promise<unknown> {
  const told = discoveryDocument.parse(await readJson(discoveryUrl(issuer), signal))
  // OpenID Connect Discovery 1.0, 4.3: whoever speaks for another issuer is not believed.
  if (told.issuer !== issuer) throw new Error('the discovery document is of another issuer')
  // Only an issuer on this machine may send us to an address on this machine.
  if (!isSafe(told.jwks_uri) || (isLoopback(told.jwks_uri) && !isLoopback(issuer))) {
    throw new Error('the discovery document names an address for keys that is not safe')
  }
  return keySet.parse(await readJson(new URL(told.jwks_uri), signal))
}

async function readJson(url: URL, signal: AbortSignal): Promise<unknown> {
  const ask = () => fetch(url, { signal, redirect: 'error', headers: { accept: 'application/json' } })
  // Once more: a connection that was kept open may have been closed on the other side.
  const response = await ask().catch(ask)
  if (response.status === 200) return response.json()
  await response.body?.cancel()
  throw new Error(`HTTP ${response.status}`)
}

function discoveryUrl(issuer: string): URL {
  return new URL(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)
}

function isSafe(address: string): boolean {
  const { protocol } = new URL(address)
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(address))
}

function isLoopback(address: string): boolean {
  const { hostname } = new URL(address)
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname)
}

function reasonOf(cause: unknown): string {
  if (cause instanceof z.ZodError) return 'an answer is not in the form of OpenID Connect'
  if (!(cause instanceof Error)) return 'unknown'
  const { code } = (cause.cause ?? {}) as NodeJS.ErrnoException
  return code ?? cause.message
}
