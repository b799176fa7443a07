/** This server, as its own process starts it, on a port that the benchmark is told. */
import { createApp } from '@welfare-network/server/src/app.ts'
import { applicationRole } from '@welfare-network/server/src/database/application-role.ts'
import { connect } from '@welfare-network/server/src/database/connect.ts'
import { createLogger } from '@welfare-network/server/src/log.ts'
import { passingSecrets } from '@welfare-network/server/src/secrets.ts'
import { announce, databaseUrl } from './process.ts'

// None of the peers writes a line for each request.
const logger = createLogger('warn')
const database = await connect({ url: databaseUrl, role: applicationRole })
await announce(
  createApp({ database, secrets: passingSecrets(), logger, config: { corsOrigins: '*', development: false } }),
)
