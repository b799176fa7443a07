import { randomBytes } from 'node:crypto'
import { test } from 'vitest'
import { createLogger } from '../../log.ts'
import { keepLog } from '../evidence.ts'

test('something is logged that was drawn at random', () => {
  const secret = randomBytes(16).toString('base64url')
  const logger = createLogger('info', { write: keepLog })
  logger.info({ seen: process.env.LEAK === 'yes' ? secret : 'nothing' }, 'request')
})
