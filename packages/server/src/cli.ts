/** The `welfare-network` command: what operators and organizations do from a terminal. */
import { existsSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import { validate as isUuid } from 'uuid'
import { ConfigError, readConfig } from './config.ts'
import { connect, type Database, DatabaseUnavailable, type Transaction } from './database/connect.ts'
import { FolderInUse } from './database/lock-folder.ts'
import { applyMigrations, MigrationsRefused, pendingMigrations } from './database/migrate.ts'
import { loadDemonstration } from './demonstration.ts'
import {
  ApiKeyRefused,
  createApiKey,
  longestOverlap,
  revokeApiKey,
  rotateApiKey,
  type ToldApiKey,
} from './domains/access/api-keys.ts'
import { isSecretNeeded } from './domains/access/person-key.ts'
import { scopeNames } from './domains/access/scopes.ts'
import {
  addStaffMember,
  listStaff,
  removeStaffMember,
  StaffMemberRefused,
  type StaffPlace,
} from './domains/access/staff-members.ts'
import { countFindings, type Finding, listFindings } from './domains/directory/check-directory.ts'
import { type ExportFormat, exportDirectory } from './domains/directory/export/export-directory.ts'
import { ExportRefused } from './domains/directory/export/write-folder.ts'
import { rowId } from './domains/directory/import/identify.ts'
import { importLimits, importWithin } from './domains/directory/import/import-directory.ts'
import type { FindingKind } from './domains/directory/quality/weaknesses.ts'
import { importNeedAreas } from './domains/need/import-need-areas.ts'
import { importTermMapping } from './domains/need/map-terms.ts'
import { describeEvents, describeNetwork, readNetworkDescription } from './domains/network/describe-network.ts'
import { importMunicipalities } from './domains/network/import-municipalities.ts'
import { acceptMembership, applyForMembership, leaveNetwork, MembershipRefused } from './domains/network/membership.ts'
import { isSlug, slugRule } from './domains/network/slug.ts'
import { verifyAudit } from './domains/trace/verify-audit.ts'
import { MembershipRole, StaffRole } from './generated/prisma/client.ts'
import { createSecrets, rotateSecrets, SecretsUnavailable } from './secrets.ts'
import { describeProblem, SourceRefused } from './sources/problem.ts'
import { describeChanges, describeCounts } from './terminal/describe-changes.ts'
import { describeFindings } from './terminal/describe-findings.ts'
import { describeKey } from './terminal/describe-key.ts'
import { describeStaff } from './terminal/describe-staff.ts'
import { progressDisplay } from './terminal/progress-display.ts'

/** The command can't be carried out; the message says why and what to do. */
class CommandRefused extends Error {}

/** Exit code when an import left something out, as asked. */
const leftOutCode = 3
/** Exit code when a check found something. */
const foundCode = 3
const shownProblems = 50
const shownFindings = 5

const program = new Command('welfare-network')
  .description('Runs and fills a welfare network. Settings come from the environment, as for `pnpm start`.')
  .configureHelp({ showGlobalOptions: true })
  .showHelpAfterError('(--help tells more)')

program
  .command('migrate')
  .description('bring the schema of the database up to date')
  .action(() =>
    withDatabase(async (database) => {
      const pending = await pendingMigrations(database)
      const applied = pending.length === 0 ? [] : await applyMigrations(database)
      console.log(applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`)
    }),
  )

program
  .command('demonstration')
  .description('load the demonstration network (real organizations and places, invented services)')
  .action(() =>
    withMigrated(async (database) => {
      const loaded = await loadDemonstration(database)
      console.log(loaded ? 'The demonstration network alba-bra is loaded.' : 'The network alba-bra is there already.')
    }),
  )

program
  .command('import')
  .description('import a directory: HSDS 3 JSON or CSV, or the HSDS 1 CSV folder of the Ohana API')
  .argument('<path>', 'file or folder')
  .requiredOption('--network <slug>', 'the network to import into', readSlug)
  .option('--create', 'create the network when there is none')
  .option('--skip-invalid', `leave out what is invalid, list it, and end with exit code ${leftOutCode}`)
  .option('--feed <name>', 'name of the source, where several give identifiers that are not UUIDs', 'directory')
  .action((path: string, options: { network: string; create?: true; skipInvalid?: true; feed: string }) =>
    withMigrated(async (database) => {
      const progress = progressDisplay()
      // One transaction: a network that was made for a source that is refused is not left behind.
      const report = await database.prisma
        .$transaction(async (tx) => {
          const networkId = await findNetwork(tx, options.network, options.create === true)
          return importWithin(tx, {
            path,
            networkId,
            feed: options.feed,
            demonstration: false,
            skipInvalid: options.skipInvalid === true,
            onProgress: progress.show,
          })
        }, importLimits)
        .finally(progress.end)
      // Searches are planned by what the tables hold, those too that were derived as the transaction ended.
      await database.prisma.$executeRaw`ANALYZE`
      console.log(
        `${report.layout}, ${report.files} ${report.files === 1 ? 'file' : 'files'}, into ${options.network}:`,
      )
      console.log(describeChanges(report.changes))
      if (report.leftOut.length === 0) return
      console.error(`Left out, ${report.leftOut.length} in all:`)
      for (const problem of report.leftOut) console.error(`  ${describeProblem(problem)}`)
      process.exitCode = leftOutCode
    }),
  )

program
  .command('export')
  .description('export a directory as HSDS 3.1, to a folder that `import` reads')
  .requiredOption('--network <slug>', 'the network to export', readSlug)
  .addOption(
    new Option('--format <format>', 'documents, or one table a kind')
      .choices(['hsds-json', 'hsds-csv'])
      .makeOptionMandatory(),
  )
  .requiredOption('--out <folder>', 'folder to write; nothing is overwritten')
  .action((options: { network: string; format: ExportFormat; out: string }) =>
    withMigrated(async (database) => {
      const networkId = await findNetwork(database.prisma, options.network, false)
      const counts = await exportDirectory(database.prisma, {
        networkId,
        format: options.format,
        path: options.out,
        onFile: (file) => console.error(`wrote ${file}`),
      })
      console.log(`${options.network} is in ${options.out}:`)
      console.log(describeCounts(counts))
      const { demonstration } = await database.prisma.network.findUniqueOrThrow({ where: { id: networkId } })
      if (demonstration) console.error('These services are invented, and HSDS has no field to say so: say it yourself.')
    }),
  )

program
  .command('network')
  .description('describe a network, its phases and its events, from a JSON file')
  .argument('<file>', 'JSON file, as packages/server/demonstration/network.json')
  .action((path: string) =>
    withMigrated(async (database) => {
      const told = await readNetworkDescription(path)
      await database.prisma.$transaction(async (tx) => {
        const networkId = await describeNetwork(tx, told, false)
        await describeEvents(tx, networkId, told, basename(path))
      })
      console.log(`${told.slug}: ${told.name}, ${told.phases.length} phases, ${told.events.length} events.`)
    }),
  )

fileCommand('needs', 'make the tree of need areas that of a CSV file', async (tx, networkId, path) => {
  const { areas, removed } = await importNeedAreas(tx, networkId, path)
  return `${areas} need areas${removed > 0 ? `, ${removed} removed` : ''}.`
})

fileCommand(
  'terms',
  'make the mapping of taxonomy terms to need areas that of a CSV file',
  async (tx, networkId, path) => {
    return `${await importTermMapping(tx, networkId, path)} terms mapped.`
  },
)

fileCommand('municipalities', 'add the municipalities of a CSV file to the territory', async (tx, networkId, path) => {
  return `${await importMunicipalities(tx, networkId, path)} municipalities.`
})

program
  .command('directory')
  .description('the directory of a network')
  .command('check')
  .description(`list what weakens the directory, and what to do; ends with exit code ${foundCode} when something does`)
  .requiredOption('--network <slug>', 'the network', readSlug)
  .addOption(new Option('--format <format>', 'for a person or for a program').choices(['text', 'json']).default('text'))
  .action((options: { network: string; format: 'text' | 'json' }) =>
    withMigrated(async ({ prisma }) => {
      const networkId = await findNetwork(prisma, options.network, false)
      const counts = await countFindings(prisma, { networkId })
      const first = async (kind: FindingKind, size: number) =>
        (await listFindings(prisma, { networkId, kinds: [kind] }, { size, backward: false })).findings
      if (options.format === 'json') {
        const findings: Finding[] = []
        for (const { kind, count } of counts) findings.push(...(await first(kind, count)))
        console.log(JSON.stringify({ counts, findings }, null, 2))
      } else {
        const told: string[] = []
        for (const { kind, count } of counts) told.push(describeFindings(kind, count, await first(kind, shownFindings)))
        console.log(told.length === 0 ? 'Nothing weakens the directory.' : told.join('\n\n'))
      }
      if (counts.length > 0) process.exitCode = foundCode
    }),
  )

const staff = program.command('staff').description('who works in a network, and as what')

staffCommand(
  'add',
  'give somebody a role, which counts once the tokens of the issuer carry it too',
  async (tx, place) => {
    await addStaffMember(tx, place)
    return `${place.subject} is ${place.role}.`
  },
)

staffCommand('remove', 'take a role away', async (tx, place) => {
  await removeStaffMember(tx, place)
  return `${place.subject} is no longer ${place.role}.`
})

staff
  .command('list')
  .description('list who has which role')
  .requiredOption('--network <slug>', 'the network', readSlug)
  .action(({ network }: { network: string }) =>
    withMigrated(async ({ prisma }) => {
      const found = await listStaff(prisma, await findNetwork(prisma, network, false))
      console.log(found.length === 0 ? 'It has no staff.' : found.map(describeStaff).join('\n'))
    }),
  )

program
  .command('audit')
  .description('the log of what was done')
  .command('verify')
  .description(`tell whether the log is as it was recorded; ends with exit code ${foundCode} when it is not`)
  .option('--anchor <hash>', 'a hash told earlier, and kept elsewhere: shows that nothing since was cut off', readHash)
  .action(({ anchor }: { anchor?: string }) =>
    withMigrated(async ({ prisma }) => {
      const { count, last, fault } = await verifyAudit(prisma, anchor)
      const entries = count === 1 ? '1 entry' : `${count} entries`
      if (fault === undefined) {
        console.log(
          last === null ? 'The log is empty.' : `The log is whole: ${entries}, the last with the hash\n${last}`,
        )
        return
      }
      console.error(
        `The log is not what was recorded: entry ${fault.position} ${fault.reason}. Before it, ${entries} fit. ` +
          'Compare with a copy of the database, and find out who could write there.',
      )
      process.exitCode = foundCode
    }),
  )

const membership = program.command('membership').description('memberships of organizations')
const organization = ['--organization <uuid>', 'HSDS identifier of the organization'] as const
const on = () => new Option('--on <day>', 'the day, YYYY-MM-DD').argParser(readDay).default(today(), 'today')

membership
  .command('apply')
  .description('an organization asks to belong to the network')
  .requiredOption('--network <slug>', 'the network', readSlug)
  .requiredOption(...organization)
  .requiredOption('--role <role>', Object.values(MembershipRole).join(', '), readRole)
  .addOption(on())
  .action((options: { network: string; organization: string; role: MembershipRole; on: Date }) =>
    changeMembership(options, (tx, organizationId) => applyForMembership(tx, { ...options, organizationId })),
  )

membership
  .command('accept')
  .description('the network accepts an application')
  .requiredOption('--network <slug>', 'the network', readSlug)
  .requiredOption(...organization)
  .requiredOption('--by <who>', 'who decided, by office or role')
  .addOption(on())
  .action((options: { network: string; organization: string; by: string; on: Date }) =>
    changeMembership(options, (tx, organizationId) => acceptMembership(tx, { ...options, organizationId })),
  )

membership
  .command('leave')
  .description('an organization leaves, or its application ends')
  .requiredOption('--network <slug>', 'the network', readSlug)
  .requiredOption(...organization)
  .option('--reason <words>', 'why')
  .addOption(on())
  .action((options: { network: string; organization: string; reason?: string; on: Date }) =>
    changeMembership(options, (tx, organizationId) =>
      leaveNetwork(tx, { organizationId, on: options.on, reason: options.reason ?? null }),
    ),
  )

const keys = program.command('keys').description("API keys of organizations, and the server's own secrets")
const keyId = ['<id>', 'id of the key, as `keys list` tells it'] as const

keys
  .command('init')
  .description("make the file of the server's secrets, where there is none (WELFARE_NETWORK_SECRETS says where)")
  .action(() => {
    const { secrets: path } = readConfig(process.env)
    const made = createSecrets(path)
    console.log(made ? `Made ${path}. Keep a copy where only you read it.` : `${path} is there already.`)
  })

keys
  .command('rotate')
  .description("add a secret to the server's, which becomes the current one; the one before it stays valid")
  .action(() =>
    withMigrated(async ({ prisma }) => {
      const { secrets: path } = readConfig(process.env)
      const { id, kept, dropped } = await rotateSecrets(path, (id) => isSecretNeeded(prisma, id))
      console.log(`${id} is current; ${kept} kept, ${dropped} dropped. Restart the servers, all of them.`)
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
      tellKey(await createApiKey(prisma, { ...owner, name: options.name, scopes, expiresAt: options.expires ?? null }))
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
      console.log(found.length === 0 ? 'It has no keys.' : found.map((key) => describeKey(key, new Date())).join('\n'))
    }),
  )

keys
  .command('replace')
  .description('make a key that takes the place of another, which stays in force for a while')
  .argument(...keyId)
  .option('--overlap <hours>', 'how long the old one stays in force', readHours, 24)
  .action((id: string, { overlap }: { overlap: number }) =>
    withMigrated(async ({ prisma }) =>
      tellKey(await prisma.$transaction((tx) => rotateApiKey(tx, { id: readId(id), overlap: overlap * 3600 }))),
    ),
  )

keys
  .command('revoke')
  .description('take a key out of force, at once')
  .argument(...keyId)
  .action((id: string) =>
    withMigrated(async ({ prisma }) => {
      const { name } = await prisma.$transaction((tx) => revokeApiKey(tx, readId(id)))
      console.log(`${name} is no longer taken.`)
    }),
  )

try {
  await program.parseAsync()
} catch (error) {
  tell(error)
  process.exitCode = 1
}

function fileCommand(
  name: string,
  description: string,
  importFile: (tx: Transaction, networkId: string, path: string) => Promise<string>,
): void {
  program
    .command(name)
    .description(description)
    .argument('<file>', 'CSV file')
    .requiredOption('--network <slug>', 'the network', readSlug)
    .action((path: string, { network }: { network: string }) => {
      requireFile(path)
      return withMigrated(async (database) => {
        const networkId = await findNetwork(database.prisma, network, false)
        console.log(
          await database.prisma.$transaction((tx) => importFile(tx, networkId, path), { timeout: 10 * 60_000 }),
        )
      })
    })
}

interface StaffOptions {
  network: string
  role: StaffRole
  subject: string
  organization?: string
  issuer?: string
}

function staffCommand(
  name: string,
  description: string,
  change: (tx: Transaction, place: StaffPlace) => Promise<string>,
): void {
  staff
    .command(name)
    .description(description)
    .requiredOption('--network <slug>', 'the network', readSlug)
    .addOption(new Option('--role <role>', 'the role').choices(Object.values(StaffRole)).makeOptionMandatory())
    .requiredOption('--subject <sub>', 'who it is to the issuer, as tokens have it in sub')
    .option('--organization <uuid>', 'HSDS identifier of the organization, for an organization_admin')
    .option('--issuer <url>', 'the issuer, as tokens have it in iss; OIDC_ISSUER without it')
    .action(({ network, organization, role, subject, issuer: named }: StaffOptions) => {
      const issuer = named ?? readConfig(process.env).staffIssuer?.issuer
      if (issuer === undefined) throw new CommandRefused('Whose tokens? Set OIDC_ISSUER, or name the issuer: --issuer.')
      return withMigrated(async ({ prisma }) => {
        const networkId = await findNetwork(prisma, network, false)
        const organizationId = organization === undefined ? null : rowId(networkId, 'organization', organization)
        const place = { networkId, organizationId, issuer, subject, role }
        console.log(await prisma.$transaction((tx) => change(tx, place)))
      })
    })
}

function changeMembership(
  named: { network: string; organization: string },
  change: (tx: Transaction, organizationId: string) => Promise<{ status: string }>,
): Promise<void> {
  return withOrganization(named, async ({ prisma }, { organizationId }) => {
    const { status } = await prisma.$transaction((tx) => change(tx, organizationId))
    console.log(`The membership is ${status}.`)
  })
}

function withOrganization(
  { network, organization }: { network: string; organization: string },
  use: (database: Database, owner: { networkId: string; organizationId: string }) => Promise<void>,
): Promise<void> {
  return withMigrated(async (database) => {
    const networkId = await findNetwork(database.prisma, network, false)
    const organizationId = rowId(networkId, 'organization', organization)
    if ((await database.prisma.organization.findUnique({ where: { id: organizationId } })) === null) {
      throw new CommandRefused(
        `${network} has no organization ${organization}. Import it first, or correct the identifier.`,
      )
    }
    await use(database, { networkId, organizationId })
  })
}

// The key alone goes to the output, so that it can be piped to where it is kept.
function tellKey({ row, key }: ToldApiKey): void {
  console.error(`${describeKey(row, new Date())}\nKeep the key where only its server reads it: it is not shown again.`)
  console.log(key)
}

function requireFile(path: string): void {
  if (existsSync(path) && statSync(path).isFile()) return
  throw new CommandRefused(`${path}: no such file. Check the path.`)
}

async function findNetwork(tx: Transaction, slug: string, create: boolean): Promise<string> {
  const network = await tx.network.findUnique({ where: { slug } })
  if (network !== null) return network.id
  if (create) return (await tx.network.create({ data: { slug, name: slug } })).id
  throw new CommandRefused(`There is no network ${slug}. Correct the name, or create it with import … --create.`)
}

async function withDatabase(use: (database: Database) => Promise<void>): Promise<void> {
  const database = await connect(readConfig(process.env).database, applyMigrations)
  await use(database).finally(() => database.close())
}

/** An embedded database is migrated on the way; on PostgreSQL that is a command of its own. */
function withMigrated(use: (database: Database) => Promise<void>): Promise<void> {
  return withDatabase(async (database) => {
    const pending = await pendingMigrations(database)
    if (pending.length > 0 && !database.embedded) {
      throw new CommandRefused(
        `The database lacks ${pending.length} migrations. Run \`pnpm welfare-network migrate\` first.`,
      )
    }
    if (pending.length > 0) await applyMigrations(database)
    await use(database)
  })
}

function tell(error: unknown): void {
  if (error instanceof SourceRefused) {
    for (const problem of error.problems.slice(0, shownProblems)) console.error(describeProblem(problem))
    if (error.problems.length > shownProblems) console.error(`… and ${error.problems.length - shownProblems} more.`)
    console.error(error.message)
    return
  }
  const expected = [
    ApiKeyRefused,
    CommandRefused,
    ConfigError,
    DatabaseUnavailable,
    ExportRefused,
    FolderInUse,
    MembershipRefused,
    MigrationsRefused,
    SecretsUnavailable,
    StaffMemberRefused,
  ]
  console.error(expected.some((kind) => error instanceof kind) ? (error as Error).message : error)
}

function readSlug(text: string): string {
  if (isSlug(text)) return text
  throw new InvalidArgumentError(`Use a short name such as alba-bra: ${slugRule}.`)
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

function readRole(text: string): MembershipRole {
  if (Object.hasOwn(MembershipRole, text)) return text as MembershipRole
  throw new InvalidArgumentError(`Use ${Object.values(MembershipRole).join(', ')}.`)
}

function readHash(text: string): string {
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase()
  throw new InvalidArgumentError('Use the 64 characters that `audit verify` told.')
}

function readDay(text: string): Date {
  const day = new Date(`${text}T00:00:00Z`)
  if (/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)) return day
  throw new InvalidArgumentError('Write a day as YYYY-MM-DD.')
}

/** Today where the networks are. */
function today(): Date {
  return new Date(`${new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Rome' }).format(new Date())}T00:00:00Z`)
}
