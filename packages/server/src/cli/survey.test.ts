import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect } from '../database/connect.ts'
import { createSecrets } from '../secrets.ts'
import { runCommand, settingsFor } from '../testing/run-process.ts'
import { copyTemplate } from '../testing/test-database.ts'
import { leftOutCode } from './exit-codes.ts'

const text = (it: string) => ({ it })
const questionnaire = {
  ...{ name: 'umore', title: text('Umore'), languages: ['it'], defaultLanguage: 'it' },
  sections: [
    {
      title: text('Umore'),
      questions: [
        {
          ...{ kind: 'single', name: 'mood', text: text('Come sta?'), needAreas: ['mental-wellbeing'] },
          options: [{ text: text('bene') }, { text: text('male') }],
          critical: { anyOf: [2] },
        },
      ],
    },
  ],
}
const mapping = {
  questionnaire: 'umore',
  company: { column: 'Azienda' },
  variables: { mood: { column: 'Umore', codes: { bene: 1, male: 2 } } },
}
/** Of each company 40 answers, of which 25 say "male"; the fourth row, line 5 of the file, is of neither kind. */
const companies = ['Sebaste', 'Dimar', 'Slow Food']
const rows = companies.flatMap((company) =>
  Array.from({ length: 40 }, (_, index) => `${company},${index < 25 ? 'male' : 'bene'}`),
)
const csv = `Azienda,Umore\n${rows.toSpliced(3, 0, 'Dimar,boh').join('\n')}\n`

const folder = mkdtempSync(join(tmpdir(), 'welfare-network-survey-'))
let made: Awaited<ReturnType<typeof copyTemplate>>
let settings: Record<string, string>
let organization: string
beforeAll(async () => {
  const files = { questionnaire, mapping, 'another-mapping': { ...mapping, questionnaire: 'else' } }
  for (const [name, document] of Object.entries(files)) writeFileSync(file(`${name}.json`), JSON.stringify(document))
  writeFileSync(file('answers.csv'), csv)
  made = await copyTemplate('demonstration')
  createSecrets(file('secrets.json'))
  settings = { ...settingsFor(made.place), WELFARE_NETWORK_SECRETS: file('secrets.json') }
  organization = await inside(async (prisma) => {
    const { uuid } = await prisma.organization.findFirstOrThrow({ where: { name: { startsWith: 'Consorzio' } } })
    return uuid
  })
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await made.remove()
})

const file = (name: string) => join(folder, name)

/** Looks into the database between two commands, as the owner of its tables. */
async function inside<T>(look: (prisma: Awaited<ReturnType<typeof connect>>['prisma']) => Promise<T>): Promise<T> {
  const opened = await connect(made.place)
  return look(opened.prisma).finally(() => opened.close())
}

const survey = (...args: string[]) => runCommand(['survey', ...args], settings)

const importAnswers = (...others: string[]) => importFile(file('answers.csv'), ...others)

function importFile(path: string, ...others: string[]) {
  const documents = ['--questionnaire', file('questionnaire.json'), '--mapping', file('mapping.json')]
  const place = ['--network', 'alba-bra', '--organization', organization]
  return survey('import-responses', path, ...place, ...documents, '--name', 'Autunno', ...others)
}

/** Answers as a campaign that is closed; its global id. */
async function importedCampaign(): Promise<string> {
  const { out } = await importAnswers('--skip-invalid')
  return /campaign_[0-9a-f]{32}/.exec(out)![0]
}

test('import-responses refuses a file with every row that is wrong, and nothing is imported', async () => {
  const count = () => inside((prisma) => prisma.campaign.count())
  const before = await count()
  const { code, out, err } = await importAnswers()
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toMatch(/^answers\.csv:5 Umore "boh": /m)
  expect(err).toMatch(/^1 problem in the source\. Nothing was imported\./m)
  expect(await count()).toBe(before)
})

test('with --skip-invalid it takes the rest, lists what it left out, and ends with a code of its own', async () => {
  const { code, out, err } = await importAnswers('--skip-invalid')
  expect(code).toBe(leftOutCode)
  const [, campaign] = /^120 answers, in the campaign (campaign_[0-9a-f]{32}), closed:$/m.exec(out)!
  for (const company of companies) expect(out).toMatch(new RegExp(`^ {2}${company}: 40$`, 'm'))
  expect(out).toContain(`Release what may be known: survey release-results ${campaign}\n`)
  expect(err).toMatch(/^Left out, 1 in all:\n {2}answers\.csv:5 Umore "boh": .+\n$/)
})

test.each([
  [
    'no questionnaire',
    ['--questionnaire', 'nowhere.json'],
    /^nowhere\.json: .+ Check the path, and that it is JSON\.$/m,
  ],
  ['a mapping to another questionnaire', ['--mapping', file('another-mapping.json')], /^mapping: \/questionnaire: /m],
  ['a network that is not there', ['--network', 'nowhere'], /There is no network nowhere\./],
] as const)('import-responses with %s is refused', async (_what, given, message) => {
  const { code, out, err } = await importAnswers(...given)
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toMatch(message)
})

test.each([
  ['that is not there', () => file('nowhere.csv'), 'no such file (check the path)'],
  ['that is a folder', () => folder, 'is a folder (give the path of the file in it)'],
])('import-responses of a file %s is refused in words', async (_what, at, problem) => {
  const path = at()
  const err = `${path}: ${problem}\n${basename(path)} can't be read; nothing was imported.\n`
  expect(await importFile(path)).toEqual({ code: 1, out: '', err })
})

test('import-responses of a file without rows says so', async () => {
  writeFileSync(file('empty.csv'), 'Azienda,Umore\n')
  const err = 'empty.csv: there is no row below the header. Nothing was imported.\n'
  expect(await importFile(file('empty.csv'), '--skip-invalid')).toEqual({ code: 1, out: '', err })
})

test('release-results tells how much is released and what is critical; asked again, the same', async () => {
  const campaign = await importedCampaign()
  const { code, out, err } = await survey('release-results', campaign)
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toMatch(/^\d+ of 8 distributions; SHA-256 [0-9a-f]{64}\.$/m)
  expect(out).toMatch(/critical: mental-wellbeing, 62\.5 % of 120$/m)
  const { status, releasedOn } = await inside((prisma) => prisma.release.findFirstOrThrow({ orderBy: { id: 'desc' } }))
  expect({ status, releasedOn }).toEqual({ status: 'released', releasedOn: expect.any(Date) })
  expect(await survey('release-results', campaign)).toMatchObject({ code: 0, out })
})

test('verify-release ends well where the answers give the release, and not where what is stored was altered', async () => {
  const campaign = await importedCampaign()
  await survey('release-results', campaign)
  expect(await survey('verify-release', campaign)).toMatchObject({ code: 0, err: '' })
  await inside((prisma) =>
    prisma.$transaction(async (tx) => {
      // As only the owner of the tables can, past the triggers that hold a release still.
      await tx.$executeRaw`SET LOCAL session_replication_role = replica`
      await tx.$executeRaw`UPDATE result_table SET results = '[]' WHERE measure = 'mood' AND organization_id IS NULL`
    }),
  )
  const { code, out, err } = await survey('verify-release', campaign)
  expect(code).not.toBe(0)
  expect(out).toBe('')
  expect(err).not.toBe('')
})

test.each([
  ['release-results', 'Autunno'],
  ['verify-release', 'campaign_00000000000000000000000000000000'],
])('%s refuses %s, which is no campaign', async (command, id) => {
  const err = `${id}: there is no campaign with this id.\n`
  expect(await survey(command, id)).toEqual({ code: 1, out: '', err })
})

test.each([
  ['import-responses', "required option '--network <slug>' not specified"],
  ['release-results', "missing required argument 'campaign'"],
  ['verify-release', "missing required argument 'campaign'"],
])('%s says what it is not told', async (command, message) => {
  expect(await survey(command)).toMatchObject({ code: 1, err: expect.stringContaining(message) })
})
