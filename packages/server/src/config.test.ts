import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { ConfigError, readConfig } from './config.ts'

const repository = resolve(import.meta.dirname, '../../..')

test('without settings, the server listens on localhost:4000 and keeps its data in one folder of the repository', () => {
  expect(readConfig({})).toEqual({
    port: 4000,
    host: 'localhost',
    database: { folder: resolve(repository, '.welfare-network') },
    corsOrigins: '*',
    logLevel: 'info',
    development: true,
  })
})

test.each([
  ['PORT', '8080', { port: 8080 }],
  ['PORT', '0', { port: 0 }],
  ['PORT', '65535', { port: 65_535 }],
  ['HOST', '0.0.0.0', { host: '0.0.0.0' }],
  [
    'DATABASE_URL',
    'postgresql://me:secret@db:5432/welfare',
    { database: { url: 'postgresql://me:secret@db:5432/welfare' } },
  ],
  ['DATABASE_URL', 'postgres://db/welfare', { database: { url: 'postgres://db/welfare' } }],
  ['WELFARE_NETWORK_DATA', '/srv/welfare', { database: { folder: '/srv/welfare' } }],
  ['WELFARE_NETWORK_DATA', 'other', { database: { folder: resolve(repository, 'other') } }],
  ['CORS_ORIGINS', '*', { corsOrigins: '*' }],
  ['CORS_ORIGINS', 'https://a.example', { corsOrigins: ['https://a.example'] }],
  [
    'CORS_ORIGINS',
    ' https://a.example , http://localhost:3000',
    { corsOrigins: ['https://a.example', 'http://localhost:3000'] },
  ],
  ['LOG_LEVEL', 'silent', { logLevel: 'silent' }],
  ['NODE_ENV', 'production', { development: false }],
  ['NODE_ENV', 'test', { development: true }],
] as const)('%s=%s is understood', (name, value, expected) => {
  expect(readConfig({ [name]: value })).toMatchObject(expected)
})

test.each(['PORT', 'HOST', 'DATABASE_URL', 'WELFARE_NETWORK_DATA', 'CORS_ORIGINS', 'LOG_LEVEL', 'NODE_ENV'])(
  '%s that is set to nothing is as if it were not set',
  (name) => {
    expect(readConfig({ [name]: '' })).toEqual(readConfig({}))
  },
)

test.each([
  ['PORT', 'http', /PORT=http: must be a whole number, 0 \(any free port\) to 65535/],
  ['PORT', '65536', /PORT=65536: must be a whole number/],
  ['PORT', '-1', /PORT=-1: must be/],
  ['PORT', '80.5', /PORT=80\.5: must be/],
  ['PORT', '0x50', /PORT=0x50: must be/],
  ['PORT', ' ', /PORT= : must be/],
  ['DATABASE_URL', 'mysql://db/welfare', /DATABASE_URL: must be an address such as postgresql:\/\//],
  ['DATABASE_URL', 'welfare', /DATABASE_URL: must be an address/],
  ['CORS_ORIGINS', 'https://a.example/', /CORS_ORIGINS=https:\/\/a\.example\/: must be \* or origins such as/],
  ['CORS_ORIGINS', 'a.example', /CORS_ORIGINS=a\.example: must be/],
  ['CORS_ORIGINS', 'https://a.example,*', /CORS_ORIGINS=https:\/\/a\.example,\*: must be/],
  ['CORS_ORIGINS', 'https://a.example,', /CORS_ORIGINS=https:\/\/a\.example,: must be/],
  ['CORS_ORIGINS', 'null', /CORS_ORIGINS=null: must be/],
  ['LOG_LEVEL', 'loud', /LOG_LEVEL=loud: must be trace, debug, info, warn, error or silent/],
] as const)('%s=%s is refused, by name and with what it must be', (name, value, message) => {
  expect(() => readConfig({ [name]: value })).toThrow(ConfigError)
  expect(() => readConfig({ [name]: value })).toThrow(message)
})

test('everything that is wrong is told at once', () => {
  const wrong = { PORT: 'x', LOG_LEVEL: 'y', CORS_ORIGINS: 'z', DATABASE_URL: 'w' }
  for (const name of Object.keys(wrong)) expect(() => readConfig(wrong)).toThrow(name)
})

test.each(['mysql://me:hunter2@db/welfare', 'me:hunter2@db', 'postgresql//me:hunt/er2:hunter2@db', 'hunter2'])(
  'the password in a wrong DATABASE_URL is not told: %s',
  (value) => {
    expect(() => readConfig({ DATABASE_URL: value })).toThrow(ConfigError)
    expect(() => readConfig({ DATABASE_URL: value })).not.toThrow(/hunter2/)
  },
)
