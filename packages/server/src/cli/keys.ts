/** `keys`: API keys of organizations, and the server's own secrets. */
import { existsSync } from 'node:fs'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { validate as isUuid } from 'uuid'
import { readConfig } from '../config.ts'
import { asActor } from '../database/as-actor.ts'
import type { Transaction } from '../database/connect.ts'
import {
  createApiKey,
  longestOverlap,
  revokeApiKey,
  rotateApiKey,
  type ToldApiKey,
} from '../domains/access/api-keys.ts'
import { isSecretNeeded } from '../domains/access/person-key.ts'
import { scopeNames } from '../domains/access/scopes.ts'
import { isSecretSealing } from '../domains/survey/running/seal-key.ts'
import type { Action } from '../domains/trace/record-act.ts'
import { createSecrets, rotateSecrets, settling } from '../secrets.ts'
import { describeKey } from '../terminal/describe-key.ts'
import { withOrganization } from './find-named.ts'
import { withMigrated } from './open-database.ts'
import { organization, readDay, readSlug } from './read-options.ts'
import { recordByOperator } from './record-by-operator.ts'
import { CommandRefused } from './tell-refusal.ts'

export function addKeys(program: Command): void {
  const keys = program.command('keys').description("API keys of organizations, and the server's own secrets")
  const keyId = ['<id>', 'id of the key, as `keys list` tells it'] as const

  keys
    .command('init')
    .description("make the file of the server's secrets, where there is none (WELFARE_NETWORK_SECRETS says where)")
    .action(async () => {
      const { secrets: path } = readConfig(process.env)
      if (existsSync(path)) {
        console.log(`${path} is there already.`)
        return
      }
      await withMigrated(({ prisma }) =>
        // On the record before it is there, so that there is none without a record.
        prisma.$transaction(async (tx) => {
          await recordByOperator(tx, 'secret.create', { networkId: null, recordKey: null })
          createSecrets(path)
        }),
      )
      console.log(`Made ${path}. Keep a copy where only you read it.`)
    })

  keys
    .command('rotate')
    .description("add a secret to the server's, which is used soon; the one before it stays valid")
    .action(() =>
      withMigrated(async ({ prisma }) => {
        const { secrets: path } = readConfig(process.env)
        const { id, kept, dropped } = await asActor(prisma, { upkeep: true }, async (tx) => {
          const rotated = await rotateSecrets(
            path,
            async (id) => (await isSecretNeeded(tx, id)) || isSecretSealing(tx, id),
          )
          await recordByOperator(tx, 'secret.rotate', { networkId: null, recordKey: rotated.id })
          return rotated
        })
        const minutes = settling / 60_000
        console.log(
          `${id} is added; ${kept} kept, ${dropped} dropped. Servers that run read it now, and use it in ${minutes} minutes: ` +
            'where they have copies of the file, replace all of them by then.',
        )
      }),
    )

  keys
    .command('create')
    .description('make an API key for an organization; it is shown once')
    .requiredOption('--network <slug>', 'the network', readSlug)
    .requiredOption(...organization)
    .addOption(
      new Option('--scope <scope...>', 'what may be done with it')
        .choices(scopeNames.map(([, name]) => name))
        .makeOptionMandatory(),
    )
    .requiredOption('--name <name>', 'what to call it, such as the machine that will have it')
    .option('--expires <day>', 'the day from which it is no longer taken, YYYY-MM-DD; never without', readDay)
    .action((options: { network: string; organization: string; scope: string[]; name: string; expires?: Date }) =>
      withOrganization(options, async ({ prisma }, owner) => {
        const scopes = scopeNames.flatMap(([scope, name]) => (options.scope.includes(name) ? scope : []))
        const request = { ...owner, name: options.name, scopes, expiresAt: options.expires ?? null }
        tellKey(await prisma.$transaction((tx) => recorded(tx, 'api_key.create', createApiKey(tx, request))))
      }),
    )

  keys
    .command('list')
    .description('list the API keys of an organization')
    .requiredOption('--network <slug>', 'the network', readSlug)
    .requiredOption(...organization)
    .action((options: { network: string; organization: string }) =>
      withOrganization(options, async ({ prisma }, { organizationId }) => {
        const found = await prisma.apiKey.findMany({ where: { organizationId }, orderBy: { createdAt: 'asc' } })
        console.log(
          found.length === 0 ? 'It has no keys.' : found.map((key) => describeKey(key, new Date())).join('\n'),
        )
      }),
    )

  keys
    .command('replace')
    .description('make a key that takes the place of another, which stays in force for a while')
    .argument(...keyId)
    .option('--overlap <hours>', 'how long the old one stays in force', readHours, 24)
    .action((id: string, { overlap }: { overlap: number }) =>
      withMigrated(async ({ prisma }) => {
        const request = { id: readId(id), overlap: overlap * 3600 }
        tellKey(await prisma.$transaction((tx) => recorded(tx, 'api_key.rotate', rotateApiKey(tx, request))))
      }),
    )

  keys
    .command('revoke')
    .description('take a key out of force, at once')
    .argument(...keyId)
    .action((id: string) =>
      withMigrated(async ({ prisma }) => {
        const { name } = await prisma.$transaction(async (tx) => {
          const row = await revokeApiKey(tx, readId(id))
          await recordByOperator(tx, 'api_key.revoke', { networkId: row.networkId, recordKey: row.id })
          return row
        })
        console.log(`${name} is no longer taken.`)
      }),
    )
}

async function recorded(tx: Transaction, action: Action, making: Promise<ToldApiKey>): Promise<ToldApiKey> {
  const made = await making
  await recordByOperator(tx, action, { networkId: made.row.networkId, recordKey: made.row.id })
  return made
}

// The key alone goes to the output, so that it can be piped to where it is kept.
function tellKey({ row, key }: ToldApiKey): void {
  console.error(`${describeKey(row, new Date())}\nKeep the key where only its server reads it: it is not shown again.`)
  console.log(key)
}

function readHours(text: string): number {
  const hours = Number(text)
  if (text.trim() !== '' && hours >= 0 && hours <= longestOverlap / 3600) return hours
  throw new InvalidArgumentError(`Give 0 to ${longestOverlap / 3600} hours.`)
}

function readId(text: string): string {
  if (isUuid(text)) return text
  throw new CommandRefused(`${text.slice(0, 40)}: this is no id of a key. Use one that \`keys list\` tells.`)
}
