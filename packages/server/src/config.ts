/** The environment, read once and checked: every setting that the server knows. */
import { join, resolve } from 'node:path'
import { z } from 'zod'
import type { DatabasePlace } from './database/connect.ts'
import { isIssuer } from './domains/access/issuer-keys.ts'
import { type StaffTokenSettings, signatureAlgorithms, staffTokenDefaults } from './domains/access/staff-token.ts'
import { StaffRole } from './generated/prisma/enums.ts'
import { limits } from './graphql/limits.ts'
import { type BudgetSettings, budgetDefaults } from './http/budgets.ts'

export interface Config {
  port: number
  host: string
  database: DatabasePlace
  /** File of the server's secrets. */
  secrets: string
  /** Origins whose pages may call the API; '*' for all. */
  corsOrigins: '*' | string[]
  logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** Development shows the query explorer. */
  development: boolean
  /** What callers may spend in a minute; without it, that is not counted. */
  budgets?: BudgetSettings
  /** How many proxies of ours stand before the server, each of which adds to X-Forwarded-For. */
  trustedProxies: number
  /** Whose tokens staff arrives with; without it, none are taken. */
  staffIssuer?: StaffTokenSettings
}

/** A setting is wrong; the message names each variable, what is wrong with it and what to do. */
export class ConfigError extends Error {}

const repository = resolve(import.meta.dirname, '../../..')

const environment = z.object({
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a whole number, 0 (any free port) to 65535')
    .transform(Number)
    .refine((port) => port <= 65_535, 'must be a whole number, 0 (any free port) to 65535')
    .default(4000),
  HOST: z.string().min(1, 'must not be empty').default('localhost'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\/./, 'must be an address such as postgresql://user:password@host:5432/database')
    .optional(),
  WELFARE_NETWORK_DATA: z.string().min(1, 'must not be empty').default('.welfare-network'),
  WELFARE_NETWORK_SECRETS: z.string().min(1, 'must not be empty').optional(),
  CORS_ORIGINS: z
    .string()
    .default('*')
    .transform((list) => (list.trim() === '*' ? ('*' as const) : list.split(',').map((origin) => origin.trim())))
    .refine(
      (list) => list === '*' || list.every(isOrigin),
      'must be * or origins such as https://intranet.example.org',
    ),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'], 'must be trace, debug, info, warn, error or silent')
    .default('info'),
  NODE_ENV: z.string().default('development'),
  BUDGETS: z
    .string()
    .transform((list) => (list.trim() === 'off' ? undefined : readBudgets(list)))
    .refine(
      (budgets) => budgets !== null,
      `must be off, or pairs such as anyone=${budgetDefaults.anyone} of ${orList(Object.keys(budgetDefaults))}, separated by ` +
        `commas: whole numbers from ${limits.complexity}, the cost of the largest request`,
    )
    .default({ ...budgetDefaults }),
  TRUSTED_PROXIES: z
    .string()
    .regex(/^\d$/, 'must be a whole number, 0 to 9: how many proxies of yours a request passes')
    .transform(Number)
    .default(0),
  OIDC_ISSUER: z
    .string()
    .refine(
      isIssuer,
      'must be an address with https (or http on this machine), without ? and #, as tokens have it in iss',
    )
    .optional(),
  OIDC_AUDIENCE: z.string().optional(),
  OIDC_ROLES_CLAIM: z
    .string()
    .regex(/^[^\s.]+(\.[^\s.]+)*$/, 'must be the name of a claim, or a path such as realm_access.roles')
    .default(staffTokenDefaults.rolesClaim),
  OIDC_ROLE_NAMES: z
    .string()
    .transform((list) => new Map(list.split(',').map(readRoleName)))
    .refine(
      (names): names is Map<string, StaffRole> =>
        [...names].every(([name, role]) => name !== '' && Object.hasOwn(StaffRole, role)),
      `must be pairs such as coordinators=network_coordinator, separated by commas; roles are ${orList(Object.values(StaffRole))}`,
    )
    .default(new Map(staffTokenDefaults.roleNames)),
  OIDC_ALGORITHMS: z
    .string()
    .transform((list) => list.split(',').map((name) => name.trim()))
    .pipe(z.array(z.enum(signatureAlgorithms, `must be of ${orList(signatureAlgorithms)}, separated by commas`)))
    .default([...staffTokenDefaults.algorithms]),
})

// Told beside what else is wrong, not after it is put right.
const checked = environment
  .refine(({ OIDC_ISSUER, OIDC_AUDIENCE }) => OIDC_ISSUER === undefined || OIDC_AUDIENCE !== undefined, {
    path: ['OIDC_AUDIENCE'],
    message: 'must be set where OIDC_ISSUER is: what the tokens for this API have in aud',
    when: () => true,
  })
  .refine(({ OIDC_ISSUER, OIDC_AUDIENCE }) => OIDC_AUDIENCE === undefined || OIDC_ISSUER !== undefined, {
    path: ['OIDC_ISSUER'],
    message: 'must be set where OIDC_AUDIENCE is: the address of who issues the tokens',
    when: () => true,
  })

/**
 * Reads the settings. Relative data folders lie below the repository, wherever the command is called.
 * Throws {@link ConfigError}.
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  // A variable that is set to nothing is not set.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = checked.safeParse(given)
  if (!parsed.success) {
    const lines = parsed.error.issues.map(({ path: [name], message }) => `${shown(String(name), env)}: ${message}`)
    throw new ConfigError(['The environment has settings that are wrong:', ...lines].join('\n  '))
  }
  const { PORT, HOST, DATABASE_URL, WELFARE_NETWORK_DATA, WELFARE_NETWORK_SECRETS, CORS_ORIGINS, LOG_LEVEL, NODE_ENV } =
    parsed.data
  const { BUDGETS, TRUSTED_PROXIES } = parsed.data
  const { OIDC_ISSUER, OIDC_AUDIENCE, OIDC_ROLES_CLAIM, OIDC_ROLE_NAMES, OIDC_ALGORITHMS } = parsed.data
  const folder = resolve(repository, WELFARE_NETWORK_DATA)
  return {
    port: PORT,
    host: HOST,
    database: DATABASE_URL === undefined ? { folder } : { url: DATABASE_URL },
    secrets: resolve(repository, WELFARE_NETWORK_SECRETS ?? join(folder, 'secrets.json')),
    corsOrigins: CORS_ORIGINS,
    logLevel: LOG_LEVEL,
    development: NODE_ENV !== 'production',
    ...(BUDGETS && { budgets: BUDGETS }),
    trustedProxies: TRUSTED_PROXIES,
    ...(OIDC_ISSUER !== undefined &&
      OIDC_AUDIENCE !== undefined && {
        staffIssuer: {
          ...staffTokenDefaults,
          issuer: OIDC_ISSUER,
          audience: OIDC_AUDIENCE,
          rolesClaim: OIDC_ROLES_CLAIM,
          roleNames: OIDC_ROLE_NAMES,
          algorithms: OIDC_ALGORITHMS,
        },
      }),
  }
}

/** The defaults with what a list says otherwise; null where it says anything else. */
function readBudgets(list: string): BudgetSettings | null {
  const budgets = { ...budgetDefaults }
  for (const pair of list.split(',')) {
    const [, kind = '', digits] = /^\s*(\w+)\s*=\s*(\d{1,9})\s*$/.exec(pair) ?? []
    if (!Object.hasOwn(budgets, kind) || Number(digits) < limits.complexity) return null
    budgets[kind as keyof BudgetSettings] = Number(digits)
  }
  return budgets
}

// The value of a claim may have = in it, a role has not.
function readRoleName(pair: string): [name: string, role: string] {
  const at = pair.lastIndexOf('=')
  return [pair.slice(0, Math.max(at, 0)).trim(), pair.slice(at + 1).trim()]
}

function orList(names: readonly string[]): string {
  return new Intl.ListFormat('en', { type: 'disjunction' }).format(names)
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text
}

// An address of a database holds its password, at a place that can't be told when the address is wrong.
function shown(name: string, env: NodeJS.ProcessEnv): string {
  return name === 'DATABASE_URL' || !env[name] ? name : `${name}=${env[name]}`
}
