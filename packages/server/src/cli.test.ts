import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, inject, test as inTurn } from 'vitest'
import { connect, type DatabasePlace } from './database/connect.ts'
import type { Template } from './testing/global-setup.ts'
import { runCommand, settingsFor, startProcess } from './testing/run-process.ts'
import { copyTemplate } from './testing/test-database.ts'

const files = join(import.meta.dirname, '../demonstration')
const directory = join(files, 'directory.jsonl')
const member = ['--network', 'alba-bra', '--organization', '6c31559b-6934-5d02-8538-13fff6d7317f']
const apply = ['membership', 'apply', ...member]

// Each test has a database and processes of its own; they wait more than they work.
const test = inTurn.concurrent
const root = mkdtempSync(join(tmpdir(), 'welfare-network-cli-'))
const leftBehind: (() => Promise<void>)[] = []

afterAll(async () => {
  rmSync(root, { recursive: true, force: true })
  for (const remove of leftBehind) await remove()
})

test('--help lists the commands, each with what it does', async () => {
  const { code, out, err } = await runCommand(['--help'], {})
  expect({ code, err }).toEqual({ code: 0, err: '' })
  const names = [
    'migrate',
    'demonstration',
    'import',
    'export',
    'network',
    'needs',
    'terms',
    'municipalities',
    'membership',
    'keys',
    'staff',
    'audit',
  ]
  for (const name of names) expect(out).toMatch(new RegExp(`^ {2}${name} .*\\w{3}`, 'm'))
})

test.each([
  ['a command that is not there', ['nonsense'], /unknown command 'nonsense'/],
  ['a path that is missing', ['import', '--network', 'alba-bra'], /missing required argument 'path'/],
  ['a network that is missing', ['import', directory], /required option '--network <slug>' not specified/],
  [
    'a network whose name can not be',
    ['import', directory, '--network', 'Alba Bra'],
    /Use a short name such as alba-bra: small letters/,
  ],
  [
    'a format that is not there',
    ['export', '--network', 'x', '--format', 'xml', '--out', 'x'],
    /Allowed choices are hsds-json, hsds-csv/,
  ],
  ['an option that is not there', ['import', directory, '--network', 'x', '--force'], /unknown option '--force'/],
  ['an argument too many', ['migrate', 'now'], /too many arguments/],
  [
    'a role that is not there',
    [...apply, '--role', 'constructor'],
    /--role.*'constructor' is invalid\. Use lead, partner, member\./,
  ],
  [
    'a role of staff that is not there',
    ['staff', 'add', '--network', 'x', '--subject', 'x', '--role', 'lead'],
    /--role.*'lead' is invalid\. Allowed choices are network_coordinator, welfare_point_operator, organization_admin\./,
  ],
  [
    'staff of an issuer that nobody named',
    ['staff', 'add', '--network', 'x', '--subject', 'x', '--role', 'network_coordinator'],
    /^Whose tokens\? Set OIDC_ISSUER, or name the issuer: --issuer\.$/m,
  ],
  [
    'a day that is none',
    [...apply, '--role', 'lead', '--on', '2026-02-30'],
    /--on.*'2026-02-30' is invalid\. Write a day as YYYY-MM-DD\./,
  ],
  [
    'a file that is not there',
    ['needs', 'nowhere.csv', '--network', 'x'],
    /^nowhere\.csv: no such file\. Check the path\.$/m,
  ],
  ['a folder in the place of a file', ['terms', files, '--network', 'x'], /demonstration: no such file\./],
])('%s is refused with exit code 1 and a clear message', async (_, args, message) => {
  const { code, out, err } = await runCommand(args, {})
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toMatch(message)
  expect(err).not.toMatch(/^\s+at /m)
})

test('settings that are wrong are refused as they are by the server', async () => {
  const { code, err } = await runCommand(['migrate'], { DATABASE_URL: 'mysql://me:hunter2@db' })
  expect(code).toBe(1)
  expect(err).toContain('DATABASE_URL: must be an address')
  expect(err).not.toContain('hunter2')
})

test('a directory is exported to a folder that can be imported; what is there is not overwritten', async () => {
  const { settings } = await database('demonstration')
  const out = join(root, 'exported')
  const exporting = ['export', '--network', 'alba-bra', '--format', 'hsds-json', '--out', out]
  const first = await runCommand(exporting, settings)
  expect(first.code).toBe(0)
  expect(first.out).toMatch(/^ {2}service +67$/m)
  expect(first.err).toMatch(/^wrote services\.jsonl$/m)
  const again = await runCommand(exporting, settings)
  expect({ code: again.code, out: again.out }).toEqual({ code: 1, out: '' })
  expect(again.err).toMatch(/is not empty, and nothing is overwritten/)
  const imported = await runCommand(['import', out, '--network', 'alba-bra'], settings)
  expect(imported.out).toMatch(/^ {2}service +0 +0 +67 +0$/m)
})

test('a directory is imported into a new network with a table of what changed; again, all is unchanged', async () => {
  const { settings } = await database('empty')
  const first = await runCommand(['import', directory, '--network', 'mine', '--create'], settings)
  expect(first.code).toBe(0)
  expect(first.out).toMatch(/^HSDS 3 JSON, 1 file, into mine:\n +created +updated +unchanged +removed\n/)
  expect(first.out).toMatch(/^ {2}service +67 +0 +0 +0$/m)
  // Progress, as lines where there is no terminal.
  expect(first.err).toMatch(/^read 100 % of 0\.3 MB$/m)

  const second = await runCommand(['import', directory, '--network', 'mine'], settings)
  expect(second.code).toBe(0)
  expect(second.out).toMatch(/^ {2}service +0 +0 +67 +0$/m)
  for (const line of second.out.trimEnd().split('\n').slice(2)) expect(line).toMatch(/^ {2}\w+ +0 +0 +\d+ +0$/)
})

test('a network that is not there is refused with how to make it, and is not made', async () => {
  const { settings, inside } = await database('demonstration')
  const { code, out, err } = await runCommand(['import', directory, '--network', 'mine'], settings)
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toContain('There is no network mine. Correct the name, or create it with import … --create.')
  expect(await inside((prisma) => prisma.network.count())).toBe(1)
})

test('a broken source is refused with every problem, and nothing is imported, not even the network', async () => {
  const { settings, inside } = await database('demonstration')
  const { code, out, err } = await runCommand(['import', broken(), '--network', 'mine', '--create'], settings)
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toMatch(/^broken\.jsonl:1\b.* status "sometimes": /m)
  expect(err).toMatch(/^\d problems? in the source\. Nothing was imported\..*--skip-invalid/m)
  expect(await inside((prisma) => prisma.network.count())).toBe(1)
})

test('with --skip-invalid the rest is imported, what was left out is listed, and the exit code is 3', async () => {
  const { settings, inside } = await database('empty')
  const { code, out, err } = await runCommand(
    ['import', broken(), '--network', 'mine', '--create', '--skip-invalid'],
    settings,
  )
  expect(code).toBe(3)
  expect(out).toMatch(/^ {2}service +1 +0 +0 +0$/m)
  expect(err).toMatch(/^Left out, \d in all:\n {2}broken\.jsonl:1\b.* status "sometimes": /m)
  expect(await inside((prisma) => prisma.service.findMany({ select: { name: true } }))).toEqual([{ name: 'Right' }])
})

test('a network is described and filled file by file, and again without harm', async () => {
  const { settings, inside } = await database('demonstration')
  const before = await inside((prisma) => prisma.serviceNeedArea.count())
  const run = async (...args: string[]) => {
    const { code, out, err } = await runCommand(args, settings)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    return out
  }
  const network = ['--network', 'alba-bra']
  expect(await run('municipalities', join(files, 'municipalities.csv'), ...network)).toBe('75 municipalities.\n')
  expect(await run('network', join(files, 'network.json'))).toMatch(
    /^alba-bra: Welfare Network Alba-Bra, \d+ phases, \d+ events\.\n$/,
  )
  expect(await run('needs', join(files, 'need-areas.csv'), ...network)).toBe('35 need areas.\n')
  expect(await run('terms', join(files, 'need-area-terms.csv'), ...network)).toBe('35 terms mapped.\n')
  expect(await inside((prisma) => prisma.serviceNeedArea.count())).toBe(before)
})

test.each([
  [
    'needs',
    'code,parent_code,name_it,name_en\nother,,Altro,Other\n',
    /^file\.csv code "elderly-care": is not in the file, and \d+ services answer it/m,
  ],
  [
    'terms',
    'taxonomy_term_code,need_area_code\nnothing,elderly-care\n',
    /^file\.csv:2 taxonomy_term_code "nothing": no such term/m,
  ],
  [
    'municipalities',
    'istat_code,name,cadastral_code,province\n4003,Alba,A124,CN\n',
    /^file\.csv:2 istat_code "4003": is not an ISTAT code/m,
  ],
] as const)(
  'a file for %s that is wrong is refused by line and column, with exit code 1',
  async (command, text, message) => {
    const { settings } = await database('demonstration')
    const { code, out, err } = await runCommand([command, file('file.csv', text), '--network', 'alba-bra'], settings)
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toMatch(message)
    expect(err).toMatch(/^\d+ problems? in the source\. Nothing was imported\.$/m)
  },
)

test('an organization leaves, applies and is accepted; steps out of order are refused with the reason', async () => {
  const { settings, inside } = await database('demonstration')
  const run = async (...args: string[]) => {
    const { code, out, err } = await runCommand(['membership', ...args, ...member], settings)
    return `${code} ${(out + err).trimEnd()}`
  }
  const accept = ['accept', '--by', 'the board']
  expect(await run('apply', '--role', 'partner')).toMatch(
    /^1 .* has a membership that is active; it must leave first\.$/,
  )
  expect(await run('leave', '--on', '2026-01-01', '--reason', 'merged')).toBe('0 The membership is left.')
  expect(await run(...accept)).toBe("1 A membership that is left can't be accepted; it would have to be applied.")
  expect(await run('apply', '--role', 'member', '--on', '2026-02-01')).toBe('0 The membership is applied.')
  expect(await run(...accept)).toBe('0 The membership is active.')
  expect((await inside(told)).map((entry) => entry.replace(/ \S+$/, ''))).toEqual([
    'operator membership.leave',
    'operator membership.apply',
    'operator membership.accept',
  ])
})

test('a key is made, listed without itself, replaced and revoked, on the record', async () => {
  const { settings, inside } = await database('demonstration')
  const keys = async (...args: string[]) => {
    const { code, out, err } = await runCommand(['keys', ...args], settings)
    return { code, out: out.trimEnd(), err: err.trimEnd() }
  }
  const list = async () => (await keys('list', ...member)).out.split('\n')
  expect(await list()).toEqual(['It has no keys.'])
  const scopes = ['--scope', 'grant:issue', 'directory:write']
  const made = await keys('create', ...member, ...scopes, '--name', 'intranet', '--expires', '2099-01-01')
  expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^wnk1_[0-9a-f]{32}_[\w-]{43}$/) })
  expect(made.err).toMatch(
    /intranet: directory:write, grant:issue; in force until 2099-01-01T00:00:00\.000Z; never used/,
  )
  const [line] = await list()
  expect(line).not.toContain(made.out.slice(-43))
  const id = line!.slice(0, 36)
  const next = await keys('replace', id, '--overlap', '0')
  expect(next.out).not.toBe(made.out)
  expect((await list()).map((each) => / (expired|in force)/.exec(each)?.[1])).toEqual(['expired', 'in force'])
  const fresh = next.err.slice(0, 36)
  expect((await keys('revoke', fresh)).out).toBe('intranet is no longer taken.')
  expect((await list())[1]).toContain('; revoked on ')
  expect(await keys('replace', fresh)).toMatchObject({ code: 1, err: 'This key was revoked. Create another.' })
  expect(await keys('revoke', 'wnk1_x')).toMatchObject({ code: 1, err: expect.stringContaining('no id of a key') })
  expect((await keys('create', ...member, '--scope', 'everything', '--name', 'x')).err).toContain('Allowed choices are')
  expect(await inside(told)).toEqual([
    `operator api_key.create ${id}`,
    `operator api_key.rotate ${fresh}`,
    `operator api_key.revoke ${fresh}`,
  ])
})

test('the secrets of the server are made once and rotated, on the record', async () => {
  const { settings, inside } = await database('empty')
  const path = join(mkdtempSync(join(root, 'secrets-')), 'secrets.json')
  const run = async (command: string) => {
    const { code, out, err } = await runCommand(['keys', command], { ...settings, WELFARE_NETWORK_SECRETS: path })
    return `${code} ${(out + err).trimEnd()}`
  }
  expect(await run('init')).toBe(`0 Made ${path}. Keep a copy where only you read it.`)
  expect(await run('init')).toBe(`0 ${path} is there already.`)
  expect(await run('rotate')).toMatch(/^0 [0-9a-f]{12} is added; 1 kept, 0 dropped\./)
  const { secrets } = JSON.parse(readFileSync(path, 'utf8')) as { secrets: { id: string }[] }
  expect(await inside(told)).toEqual(['operator secret.create null', `operator secret.rotate ${secrets[0]!.id}`])
})

test('staff is given roles, listed, and relieved of them, on the record', async () => {
  const { settings, inside } = await database('demonstration')
  const run = async (args: string[], more: Record<string, string> = {}) => {
    const { code, out, err } = await runCommand(['staff', ...args, '--network', 'alba-bra'], { ...settings, ...more })
    return `${code} ${(out + err).trimEnd()}`
  }
  const set = { OIDC_ISSUER: 'https://login.example', OIDC_AUDIENCE: 'https://api.example' }
  const ada = ['--subject', 'ada', '--role', 'network_coordinator']
  const bob = ['--subject', 'bob', '--role', 'organization_admin', '--issuer', 'https://other.example']
  expect(await run(['add', ...ada], set)).toBe('0 ada is network_coordinator.')
  expect(await run(['add', ...bob, ...member])).toBe('0 bob is organization_admin.')
  expect(await run(['list'])).toMatch(
    new RegExp(
      '^0 network_coordinator: ada of https://login.example, since .{10}\n' +
        `organization_admin of .+ \\(${member[3]}\\): bob of https://other.example, since .{10}$`,
    ),
  )
  expect(await run(['remove', ...ada], set)).toBe('0 ada is no longer network_coordinator.')
  expect(await run(['remove', ...ada], set)).toBe('1 ada of https://login.example is not network_coordinator there.')
  const row = expect.stringMatching(/^operator staff_member\.add [0-9a-f-]{36}$/)
  const [first, second, third] = await inside(told)
  expect([first, second]).toEqual([row, row])
  expect(third).toBe(first!.replace('add', 'remove'))
})

test('an organization that the network does not have is refused', async () => {
  const { settings } = await database('demonstration')
  const unknown = ['--network', 'alba-bra', '--organization', '00000000-0000-4000-8000-000000000000']
  const { code, err } = await runCommand(['membership', 'leave', ...unknown], settings)
  expect(code).toBe(1)
  expect(err).toBe(
    'alba-bra has no organization 00000000-0000-4000-8000-000000000000. Import it first, or correct the identifier.\n',
  )
})

test('the demonstration network is loaded once', async () => {
  const { settings } = await database('demonstration')
  expect(await runCommand(['demonstration'], settings)).toMatchObject({
    code: 0,
    out: 'The network alba-bra is there already.\n',
  })
})

test('a database that is ahead of this version is left alone', async () => {
  const { settings, inside } = await database('empty')
  await inside(
    (prisma) => prisma.$executeRaw`
    INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('x', 'x', '29991231_later', now())`,
  )
  const { code, err } = await runCommand(['migrate'], settings)
  expect(code).toBe(1)
  expect(err).toMatch(
    /^The database has migrations that this version does not know \(29991231_later\)\. Run the version .*\n$/,
  )
})

// PostgreSQL serves many processes at a time; only a folder can be taken.
inTurn.skipIf(inject('templates').server !== null)(
  'a folder that a server has open is refused to a command',
  async () => {
    const { settings } = await database('demonstration')
    const server = startProcess('main.ts', [], { ...settings, PORT: '0' })
    await server.prints(/Stop with Ctrl\+C/)
    const { code, err } = await runCommand(['demonstration'], settings)
    expect(code).toBe(1)
    expect(err).toMatch(/process \d+ has this embedded database open, .* set DATABASE_URL to a PostgreSQL server/)
  },
)

test('directory check tells a person and a program what weakens a directory, by its exit code too', async () => {
  const { settings } = await database('empty')
  const check = (...options: string[]) => runCommand(['directory', 'check', '--network', 'prova', ...options], settings)
  expect(await check()).toMatchObject({ code: 1, err: expect.stringContaining('There is no network prova.') })
  await runCommand(['import', broken(), '--network', 'prova', '--create', '--skip-invalid'], settings)
  const { code, out, err } = await check()
  expect({ code, err }).toEqual({ code: 3, err: '' })
  expect(out).toMatch(
    /^Services not verified for a year: 1\n {2}Right, .* \(service 00000000-0000-4000-8000-000000000002\)\n {4}It was never verified: ask /,
  )
  expect(out).toMatch(/^Services without schedule: 1$/m)
  const json = await check('--format', 'json')
  expect(json.code).toBe(3)
  const told = JSON.parse(json.out) as { counts: object[]; findings: object[] }
  expect(told.counts).toContainEqual({ kind: 'no_location', count: 1 })
  expect(told.findings).toContainEqual(
    expect.objectContaining({ kind: 'no_phone', entity: 'service', name: 'Right', sentence: expect.any(String) }),
  )
  expect(await check('--format', 'xml')).toMatchObject({ code: 1, err: expect.stringContaining('text, json') })
})

test('directory check ends with exit code 0 when there is nothing to tell', async () => {
  const { settings, inside } = await database('empty')
  await inside((prisma) => prisma.network.create({ data: { slug: 'prova', name: 'Prova' } }))
  const { code, out } = await runCommand(['directory', 'check', '--network', 'prova'], settings)
  expect({ code, out }).toEqual({ code: 0, out: 'Nothing weakens the directory.\n' })
})

test('audit verify tells that the log is whole, or which entry is not what was recorded', async () => {
  const { settings, inside } = await database('empty')
  const verify = (...args: string[]) => runCommand(['audit', 'verify', ...args], settings)
  const told = await inside(async (prisma) => {
    await prisma.$executeRaw`INSERT INTO audit_act (actor_kind, action) SELECT 'operator', 'directory.import' FROM generate_series(1, 3)`
    const [{ hash }] = await prisma.$queryRaw<[{ hash: string }]>`
      SELECT encode(hash, 'hex') AS hash FROM audit_entry ORDER BY position DESC LIMIT 1`
    return hash
  })
  const whole = { code: 0, out: `The log is whole: 3 entries, the last with the hash\n${told}\n`, err: '' }
  expect(await verify()).toEqual(whole)
  expect(await verify('--anchor', told.toUpperCase())).toEqual(whole)
  await inside((prisma) =>
    prisma.$transaction(async (tx) => {
      await tx.$executeRaw`SET LOCAL session_replication_role = replica`
      await tx.$executeRaw`DELETE FROM audit_entry WHERE position = 3`
    }),
  )
  expect(await verify()).toMatchObject({ code: 0, out: expect.stringContaining('2 entries') })
  const cut = await verify('--anchor', told)
  expect(cut).toMatchObject({ code: 3, out: '' })
  expect(cut.err).toMatch(/^The log is not what was recorded: entry 3 .*anchor.*Before it, 2 entries fit/)
  expect(await verify('--anchor', 'abc')).toMatchObject({ code: 1, err: expect.stringContaining('64 characters') })
})

async function database(template: Template) {
  const { place, remove } = await copyTemplate(template)
  leftBehind.push(remove)
  return { settings: settingsFor(place), inside: insideOf(place) }
}

/** Looks into the database between two commands. */
function insideOf(place: DatabasePlace) {
  return async <T>(look: (prisma: Awaited<ReturnType<typeof connect>>['prisma']) => Promise<T>): Promise<T> => {
    const opened = await connect(place)
    return look(opened.prisma).finally(() => opened.close())
  }
}

/** What the log of a database says: who did what, to which record. */
async function told({ auditEntry }: Awaited<ReturnType<typeof connect>>['prisma']): Promise<string[]> {
  const entries = await auditEntry.findMany({ orderBy: { position: 'asc' } })
  return entries.map(({ actorKind, action, recordKey }) => `${actorKind} ${action} ${recordKey}`)
}

/** Two services: one with a status that is none, one in order. */
function broken(): string {
  const [line] = readFileSync(directory, 'utf8').split('\n')
  const organization = JSON.parse(line!) as object
  const service = (number: number, name: string, status: string) =>
    JSON.stringify({ id: `00000000-0000-4000-8000-00000000000${number}`, name, status, organization })
  return file('broken.jsonl', `${service(1, 'Wrong', 'sometimes')}\n${service(2, 'Right', 'active')}\n`)
}

function file(name: string, text: string): string {
  const folder = mkdtempSync(join(root, 'source-'))
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
