/** The environment, read once and checked: every setting that the server knows. */
import { join, resolve } from 'node:path'
import { z } from 'zod'
import type { DatabasePlace } from './database/connect.ts'

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
})

/**
 * Reads the settings. Relative data folders lie below the repository, wherever the command is called.
 * Throws {@link ConfigError}.
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  // A variable that is set to nothing is not set.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = environment.safeParse(given)
  if (!parsed.success) {
    const lines = parsed.error.issues.map(({ path: [name], message }) => `${shown(String(name), env)}: ${message}`)
    throw new ConfigError(['The environment has settings that are wrong:', ...lines].join('\n  '))
  }
  const { PORT, HOST, DATABASE_URL, WELFARE_NETWORK_DATA, WELFARE_NETWORK_SECRETS, CORS_ORIGINS, LOG_LEVEL, NODE_ENV } =
    parsed.data
  const folder = resolve(repository, WELFARE_NETWORK_DATA)
  return {
    port: PORT,
    host: HOST,
    database: DATABASE_URL === undefined ? { folder } : { url: DATABASE_URL },
    secrets: resolve(repository, WELFARE_NETWORK_SECRETS ?? join(folder, 'secrets.json')),
    corsOrigins: CORS_ORIGINS,
    logLevel: LOG_LEVEL,
    development: NODE_ENV !== 'production',
  }
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text
}

// An address of a database holds its password, at a place that can't be told when the address is wrong.
function shown(name: string, env: NodeJS.ProcessEnv): string {
  return name === 'DATABASE_URL' ? name : `${name}=${env[name]}`
}
