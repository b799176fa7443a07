import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { ConfigError, readConfig } from './config.ts'
import { budgetDefaults } from './http/budgets.ts'

const repository = resolve(import.meta.dirname, '../../..')

test('without settings, the server listens on localhost:4000 and keeps its data in one folder of the repository', () => {
  expect(readConfig({})).toEqual({
    port: 4000,
    host: 'localhost',
    database: { folder: resolve(repository, '.welfare-network') },
    corsOrigins: '*',
    logLevel: 'info',
    secrets: resolve(repository, '.welfare-network/secrets.json'),
    development: true,
    budgets: budgetDefaults,
    trustedProxies: 0,
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
  [
    'BUDGETS',
    'anyone=20000, partner = 999999999',
    { budgets: { ...budgetDefaults, anyone: 20_000, partner: 999_999_999 } },
  ],
  ['TRUSTED_PROXIES', '2', { trustedProxies: 2 }],
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

const issuer = { OIDC_ISSUER: 'https://login.example/realms/rete', OIDC_AUDIENCE: 'https://api.example' }

test('staff arrives with the tokens of one issuer, and where none is set, with none', () => {
  expect(readConfig({})).not.toHaveProperty('staffIssuer')
  expect(readConfig({ OIDC_ROLES_CLAIM: 'groups' })).not.toHaveProperty('staffIssuer')
  expect(readConfig(issuer).staffIssuer).toEqual({
    issuer: 'https://login.example/realms/rete',
    audience: 'https://api.example',
    algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
    rolesClaim: 'roles',
    roleNames: new Map([
      ['network_coordinator', 'network_coordinator'],
      ['welfare_point_operator', 'welfare_point_operator'],
      ['organization_admin', 'organization_admin'],
    ]),
    clockSkew: 30,
  })
})

test.each([
  ['OIDC_ISSUER', 'http://localhost:8080', { issuer: 'http://localhost:8080' }],
  ['OIDC_ISSUER', 'http://127.0.0.1:8080/', { issuer: 'http://127.0.0.1:8080/' }],
  ['OIDC_ISSUER', 'http://[::1]:8080', { issuer: 'http://[::1]:8080' }],
  ['OIDC_ROLES_CLAIM', 'realm_access.roles', { rolesClaim: 'realm_access.roles' }],
  ['OIDC_ROLES_CLAIM', 'https://a.example/roles', { rolesClaim: 'https://a.example/roles' }],
  [
    'OIDC_ROLE_NAMES',
    'Coordinators = network_coordinator , cn=desk=welfare_point_operator',
    {
      roleNames: new Map([
        ['Coordinators', 'network_coordinator'],
        ['cn=desk', 'welfare_point_operator'],
      ]),
    },
  ],
  ['OIDC_ALGORITHMS', 'ES256, Ed25519', { algorithms: ['ES256', 'Ed25519'] }],
])('%s=%s is understood of the issuer of staff', (name, value, expected) => {
  expect(readConfig({ ...issuer, [name]: value }).staffIssuer).toMatchObject(expected)
})

test.each([
  ['OIDC_ISSUER', 'http://login.example', /OIDC_ISSUER=http:\/\/login\.example: must be an address with https/],
  ['OIDC_ISSUER', 'http://localhost.example', /must be an address with https/],
  ['OIDC_ISSUER', 'http://127.0.0.1.example', /must be an address with https/],
  ['OIDC_ISSUER', 'https://login.example?realm=rete', /must be an address with https/],
  ['OIDC_ISSUER', 'https://login.example#rete', /must be an address with https/],
  ['OIDC_ISSUER', 'https://me:secret@login.example', /must be an address with https/],
  ['OIDC_ISSUER', ' https://login.example', /must be an address with https/],
  ['OIDC_ISSUER', 'login.example', /must be an address with https/],
  ['OIDC_ISSUER', '', /OIDC_ISSUER: must be set where OIDC_AUDIENCE is/],
  ['OIDC_AUDIENCE', '', /OIDC_AUDIENCE: must be set where OIDC_ISSUER is/],
  ['OIDC_ROLES_CLAIM', 'realm access', /must be the name of a claim, or a path such as realm_access\.roles/],
  ['OIDC_ROLES_CLAIM', '.roles', /must be the name of a claim/],
  ['OIDC_ROLE_NAMES', 'boss', /must be pairs such as coordinators=network_coordinator, .* or organization_admin$/],
  ['OIDC_ROLE_NAMES', 'network_coordinator', /must be pairs/],
  ['OIDC_ROLE_NAMES', '=network_coordinator', /must be pairs/],
  ['OIDC_ROLE_NAMES', 'boss=constructor', /must be pairs/],
  ['OIDC_ROLE_NAMES', 'boss=network_coordinator,', /must be pairs/],
  ['OIDC_ALGORITHMS', 'HS256', /OIDC_ALGORITHMS=HS256: must be of RS256, .* or Ed25519, separated by commas/],
  ['OIDC_ALGORITHMS', 'RS256,HS512', /must be of RS256/],
  ['OIDC_ALGORITHMS', 'none', /must be of RS256/],
  ['OIDC_ALGORITHMS', 'rs256', /must be of RS256/],
  ['OIDC_ALGORITHMS', ',', /must be of RS256/],
])('%s=%s is refused of the issuer of staff', (name, value, message) => {
  expect(() => readConfig({ ...issuer, [name]: value })).toThrow(ConfigError)
  expect(() => readConfig({ ...issuer, [name]: value })).toThrow(message)
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
  const wrong = {
    PORT: 'x',
    LOG_LEVEL: 'y',
    CORS_ORIGINS: 'z',
    DATABASE_URL: 'w',
    OIDC_AUDIENCE: 'v',
    OIDC_ROLE_NAMES: 'u',
  }
  expect(() => readConfig(wrong)).toThrow('OIDC_ISSUER: must be set')
  for (const name of Object.keys(wrong)) expect(() => readConfig(wrong)).toThrow(name)
})

test.each(['mysql://me:hunter2@db/welfare', 'me:hunter2@db', 'postgresql//me:hunt/er2:hunter2@db', 'hunter2'])(
  'the password in a wrong DATABASE_URL is not told: %s',
  (value) => {
    expect(() => readConfig({ DATABASE_URL: value })).toThrow(ConfigError)
    expect(() => readConfig({ DATABASE_URL: value })).not.toThrow(/hunter2/)
  },
)
