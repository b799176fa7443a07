/** This server, as its process starts it. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createApp } from '@welfare-network/server/src/app.ts'
import { applicationRole } from '@welfare-network/server/src/database/application-role.ts'
import { connect } from '@welfare-network/server/src/database/connect.ts'
import { createLogger } from '@welfare-network/server/src/log.ts'
import { passingSecrets } from '@welfare-network/server/src/secrets.ts'

const database = await connect({ url: process.env.DATABASE_URL!, role: applicationRole })
const config = { corsOrigins: '*' as const, development: false }
const server = createApp({ database, secrets: passingSecrets(), logger: createLogger('warn'), config })
server.listen(0, '127.0.0.1')
await once(server, 'listening')
process.send!((server.address() as AddressInfo).port)
