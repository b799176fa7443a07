/** A real OpenID Connect issuer on a real port: oidc-provider, with what tests want to know and change of it. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK } from 'jose'
import Provider, { type Adapter, type AdapterPayload, type Configuration } from 'oidc-provider'
import { noteSecret } from './evidence.ts'

export interface SigningKey {
  alg: string
  kid: string
  privateKey: CryptoKey
  publicKey: CryptoKey
  jwk: JWK
}

export async function makeKey(alg: string, kid: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return { alg, kid, privateKey, publicKey, jwk: { ...(await exportJWK(privateKey)), alg, kid, use: 'sig' } }
}

/** What access tokens have, beside what they must. */
export interface Issued {
  audience: string
  claims: Record<string, unknown>
  /** Seconds for which they are valid. */
  lifetime: number
}

export const client = { id: 'staff-app', secret: 'a secret of the staff app', redirectUri: 'https://app.example/done' }

/** An issuer that signs with the first of its keys and shows all. */
export async function startIssuer(first: SigningKey[], issued: Issued) {
  /** Paths that it was asked for. */
  const requests: string[] = []
  let answer: (request: IncomingMessage, response: ServerResponse) => void
  const listen = (request: IncomingMessage, response: ServerResponse) => {
    requests.push(request.url!)
    answer(request, response)
  }
  let server = createServer(listen).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const issuer = `http://127.0.0.1:${port}`
  const kept = new Map<string, AdapterPayload>()
  let provider: Provider
  useKeys(first)

  return {
    issuer,
    requests,
    useKeys,
    /** Answers instead of the provider, until keys are given anew. */
    answerWith(other: typeof answer): void {
      answer = other
    },
    /** An access token, by the flow of client credentials. */
    accessToken: async () =>
      (await askToken({ grant_type: 'client_credentials', resource: issued.audience })).access_token,
    /** An ID token, by the flow of authorization codes; who would have logged in, has. */
    async idToken(nonce?: string): Promise<string> {
      const grant = new provider.Grant({ accountId: 'somebody', clientId: client.id })
      grant.addOIDCScope('openid')
      const code = new provider.AuthorizationCode({
        accountId: 'somebody',
        client: (await provider.Client.find(client.id))!,
        grantId: await grant.save(),
        gty: 'authorization_code',
        redirectUri: client.redirectUri,
        scope: 'openid',
        ...(nonce !== undefined && { nonce }),
      })
      const asked = { grant_type: 'authorization_code', code: await code.save(), redirect_uri: client.redirectUri }
      return (await askToken(asked)).id_token!
    },
    /** Ends; nobody answers at its port any more. */
    async stop(): Promise<void> {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
    /** Listens again, at the same port. */
    async resume(): Promise<void> {
      server = createServer(listen).listen(port, '127.0.0.1')
      await once(server, 'listening')
    },
  }

  function useKeys(keys: SigningKey[]): void {
    provider = new Provider(issuer, configuration(keys, issued, kept))
    answer = provider.callback()
  }

  async function askToken(asked: Record<string, string>): Promise<{ access_token: string; id_token?: string }> {
    const response = await fetch(`${issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: client.id, client_secret: client.secret, ...asked }),
    })
    const told = (await response.json()) as { access_token: string; id_token?: string }
    for (const token of [told.access_token, told.id_token]) if (token !== undefined) noteSecret(token)
    if (!response.ok) throw new Error(`The issuer gave no token: ${JSON.stringify(told)}`)
    return told
  }
}

function configuration(keys: SigningKey[], issued: Issued, kept: Map<string, AdapterPayload>): Configuration {
  const [{ alg }] = keys as [SigningKey]
  return {
    adapter: (kind: string) => keepIn(kept, kind),
    jwks: { keys: keys.map(({ jwk }) => jwk) } as NonNullable<Configuration['jwks']>,
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        token_endpoint_auth_method: 'client_secret_post',
        grant_types: ['client_credentials', 'authorization_code'],
        response_types: ['code'],
        redirect_uris: [client.redirectUri],
        id_token_signed_response_alg: alg as 'RS256',
      },
    ],
    enabledJWA: { idTokenSigningAlgValues: [alg as 'RS256'] },
    pkce: { required: () => false },
    ttl: { ClientCredentials: () => issued.lifetime, AccessToken: 60, AuthorizationCode: 60, Grant: 60, IdToken: 60 },
    findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    extraTokenClaims: () => issued.claims,
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_, audience) => ({
          scope: '',
          audience,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: alg as 'RS256' } },
        }),
      },
    },
  }
}

// What the provider has of its own does the same, with a warning each time.
function keepIn(kept: Map<string, AdapterPayload>, kind: string): Adapter {
  return {
    upsert: async (id, payload) => void kept.set(`${kind} ${id}`, payload),
    find: async (id) => kept.get(`${kind} ${id}`),
    consume: async (id) => void Object.assign(kept.get(`${kind} ${id}`)!, { consumed: true }),
    destroy: async (id) => void kept.delete(`${kind} ${id}`),
    findByUid: async () => undefined,
    findByUserCode: async () => undefined,
    revokeByGrantId: async () => {},
  }
}
