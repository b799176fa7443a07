import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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
  ['no questionnaire', ['--questionnaire', 'nowhere.json'], /^nowhere\.json: no such file \(check the path\)$/m],
  [
    'a mapping to another questionnaire',
    ['--mapping', file('another-mapping.json')],
    /^mapping: \/questionnaire: .*\n1 problem in the mapping\. Nothing was imported\.$/m,
  ],
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
  expect(out).toMatch(/^Charts and tables: \/releases\/release_[0-9a-f]{32}\/themes\.svg, results\.csv, …$/m)
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

describe('a questionnaire is added as the newest version of a survey', () => {
  const place = ['--network', 'alba-bra', '--organization']
  const addVersion = (path: string, named: string, ...others: string[]) =>
    survey('add-version', path, ...place, organization, '--survey', named, ...others)

  test('which is made where there is none of this name, and both are recorded as done by an operator', async () => {
    writeFileSync(file('marked.json'), `\ufeff${JSON.stringify(questionnaire)}`)
    const first = await addVersion(file('marked.json'), 'Umore')
    const ids = /^Umore, (survey_[0-9a-f]{32}):\n {2}1: (survey_version_[0-9a-f]{32})\n$/.exec(first.out)
    expect(first).toMatchObject({ code: 0, err: '' })
    const [, surveyId, versionId] = ids!

    const later = { ...questionnaire, title: text('Umore, di nuovo') }
    writeFileSync(file('later.json'), JSON.stringify(later))
    const second = await addVersion(file('later.json'), 'Umore')
    expect(second).toEqual({ code: 0, err: '', out: expect.stringMatching(`^Umore, ${surveyId}:\n {2}2: survey_v`) })
    const listed = await survey('list', '--network', 'alba-bra')
    expect(listed.out).toMatch(new RegExp(`^${surveyId} {2}Umore, of Consorzio.*\\n {2}1: ${versionId}\\n {2}2: `, 'm'))

    const acts = await inside(
      (prisma) =>
        prisma.$queryRaw<object[]>`
        SELECT action, actor_kind::text AS by FROM audit_entry
        WHERE action LIKE 'survey%' ORDER BY position DESC LIMIT 2`,
    )
    expect(acts).toEqual([
      { action: 'survey_version.create', by: 'operator' },
      { action: 'survey.create', by: 'operator' },
    ])

    const exported = await survey('export', versionId!)
    expect(exported).toMatchObject({ code: 0, err: '' })
    expect(JSON.parse(exported.out)).toEqual(questionnaire)
  })

  test('and comes out as it is stored; put in again, it comes out the same', async () => {
    const { out } = await addVersion(file('questionnaire.json'), 'Uguale')
    const [surveyId] = /survey_[0-9a-f]{32}/.exec(out)!
    const first = await survey('export', surveyId, '--out', file('exported.json'))
    expect(first).toEqual({ code: 0, out: '', err: '' })
    await addVersion(file('exported.json'), surveyId)
    expect((await survey('export', surveyId)).out).toBe(readFileSync(file('exported.json'), 'utf8'))
    const again = await survey('export', surveyId, '--out', file('exported.json'))
    const err = `${file('exported.json')} is there already, and nothing is overwritten. Give another file, or remove this one.\n`
    expect(again).toEqual({ code: 1, out: '', err })
  })

  test('which is named by its id where several have the name', async () => {
    const ids = await inside(async (prisma) => {
      const { id: organizationId, networkId } = await prisma.organization.findFirstOrThrow({
        where: { uuid: organization },
      })
      const made = [1, 2].map(() => prisma.survey.create({ data: { networkId, organizationId, name: 'Due' } }))
      return (await Promise.all(made)).map(({ id }) => `survey_${id.replaceAll('-', '')}`).sort()
    })
    expect(await addVersion(file('questionnaire.json'), 'Due')).toEqual({
      code: 1,
      out: '',
      err: `The organization has 2 surveys of the name Due: ${ids.join(', ')}. Give the id of the one that is meant.\n`,
    })
    expect(await addVersion(file('questionnaire.json'), ids[1]!)).toMatchObject({ code: 0 })
  })

  test('and one that is larger than a request may be', async () => {
    const options = Array.from({ length: 60 }, (_, index) => ({ text: text(`${index} ${'x'.repeat(3_000)}`) }))
    const question = { kind: 'single', name: 'many', text: text('Quale?'), options }
    const large = { ...questionnaire, sections: [{ title: text('Molte'), questions: [question] }] }
    writeFileSync(file('large.json'), JSON.stringify(large))
    const { out } = await addVersion(file('large.json'), 'Grande')
    expect(JSON.parse((await survey('export', /survey_version_\w+/.exec(out)![0])).out)).toEqual(large)
  })

  test('unless it is refused: every flaw on a line of its own, and no survey is left behind', async () => {
    const wrong = { ...questionnaire, name: 'Umore', colour: 'red', languages: ['it', 'italiano'] }
    writeFileSync(file('wrong.json'), JSON.stringify(wrong))
    const { code, out, err } = await addVersion(file('wrong.json'), 'Sbagliato')
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^questionnaire: \/name: is not a name: .* \(correct it as the JSON Schema says\)$/),
      expect.stringMatching(/^questionnaire: \/languages\/1: is not a language: .* \(correct it/),
      'questionnaire: /colour: is not known here (remove it, or correct its name)',
      '3 problems in the questionnaire. Nothing was imported.',
    ])
    expect(await inside((prisma) => prisma.survey.count({ where: { name: 'Sbagliato' } }))).toBe(0)
  })

  test.each([
    [
      'an id of no survey',
      () => [file('questionnaire.json'), 'survey_00000000000000000000000000000000'],
      /^The organization has no survey survey_0+\. `survey list` tells those that are there\.$/m,
    ],
    [
      'an id of something else',
      () => [file('questionnaire.json'), 'survey_version_00000000000000000000000000000000'],
      /^survey_version_0+ is no id of a survey\. `survey list` tells those that are there\.$/m,
    ],
    ['a name of blanks', () => [file('questionnaire.json'), ' '], /^name: /m],
    ['a file that is not there', () => ['nowhere.json', 'Umore'], /^nowhere\.json: no such file \(check the path\)$/m],
    ['a file that is no JSON', () => [file('answers.csv'), 'Umore'], /^answers\.csv:1: is not JSON here \(check its/m],
  ] as const)('not with %s', async (_what, given, message) => {
    const [path, named] = given()
    const { code, out, err } = await addVersion(path!, named!)
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toMatch(message)
  })
})

test.each(['Umore', 'survey_00000000000000000000000000000000', 'campaign_00000000000000000000000000000000'])(
  'export refuses %s, which is no survey',
  async (id) => {
    const err = `${id}: there is no survey, and no version of one, with this id. \`survey list\` tells those that are there.\n`
    expect(await survey('export', id)).toEqual({ code: 1, out: '', err })
  },
)

test.each([
  ['release-results', 'Autunno'],
  ['verify-release', 'campaign_00000000000000000000000000000000'],
])('%s refuses %s, which is no campaign', async (command, id) => {
  const err = `${id}: there is no campaign with this id.\n`
  expect(await survey(command, id)).toEqual({ code: 1, out: '', err })
})

test.each([
  ['list', "required option '--network <slug>' not specified"],
  ['add-version', "required option '--network <slug>' not specified"],
  ['export', "missing required argument 'id'"],
  ['import-responses', "required option '--network <slug>' not specified"],
  ['release-results', "missing required argument 'campaign'"],
  ['verify-release', "missing required argument 'campaign'"],
])('%s says what it is not told', async (command, message) => {
  expect(await survey(command)).toMatchObject({ code: 1, err: expect.stringContaining(message) })
})
