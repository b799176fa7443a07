/**
 * The floor: the signature is verified, and the answer and its credential are written in one transaction, by one prepared
 * statement. It checks nothing else: not the answers, nor whether the campaign is open.
 */
import { constants, createHash, createPublicKey, verify } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { Pool } from 'pg'

const { DATABASE_URL, NETWORK, CAMPAIGN, ORGANIZATION, PUBLIC_KEY } = process.env as Record<string, string>
const pool = new Pool({ connectionString: DATABASE_URL, max: 10 })
const key = createPublicKey({ key: Buffer.from(PUBLIC_KEY!, 'base64'), format: 'der', type: 'spki' })

interface Sent {
  variables: { input: { credential: { message: string; signature: string }; answers: Record<string, number> } }
}

const server = createServer(async (request: IncomingMessage, response) => {
  const { variables } = (await json(request)) as Sent
  const { credential, answers } = variables.input
  const message = Buffer.from(credential.message, 'base64')
  const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 48 }
  const isRight = verify('sha384', message, { key, ...padding }, Buffer.from(credential.signature, 'base64'))
  const { rowCount } = await pool.query({
    name: 'submit',
    text: `WITH spent AS (INSERT INTO spent_credential (campaign_id, hash, fingerprint) VALUES ($1, $2, $2) ON CONFLICT DO NOTHING RETURNING 1)
      INSERT INTO response (network_id, campaign_id, organization_id, answers) SELECT $3, $1, $4, $5 FROM spent WHERE $6`,
    values: [
      CAMPAIGN,
      createHash('sha256').update(message).digest(),
      NETWORK,
      ORGANIZATION,
      Object.values(answers),
      isRight,
    ],
  })
  response.writeHead(rowCount === 1 ? 200 : 400, { 'content-type': 'application/json' })
  response.end('{"data":{"submitResponse":{"counted":true}}}')
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
process.send!((server.address() as AddressInfo).port)
