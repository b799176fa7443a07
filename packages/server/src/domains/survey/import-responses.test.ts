import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { passingSecrets } from '../../secrets.ts'
import { describeProblem, SourceRefused } from '../../sources/problem.ts'
import { osmiRows } from '../../testing/osmi-rows.ts'
import { sharedData } from '../../testing/shared-data.ts'
import { asOwner, databaseForTest } from '../../testing/test-database.ts'
import { folderForTest } from '../../testing/write-files.ts'
import { importResponses } from './import-responses.ts'
import { releaseResults, requestRelease, verifyRelease } from './releasing/release-results.ts'

const secrets = passingSecrets()
const now = new Date('2026-11-23T12:00:00+01:00')
const folder = join(import.meta.dirname, '../../../../../examples/osmi-2014')
const json = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'))
const { path, isAbsent } = sharedData('osmi-2014.csv')
const name = 'OSMI 2014'
const plan = { recodes: [], tables: [['company']], companies: 'everyone' }

const text = { it: 'Come sta?' }
const questions = [{ kind: 'single', name: 'mood', text, options: [{ text }, { text }] }]

/** Answers to a single question, each with its company. */
function small(rows: string) {
  return {
    path: join(folderForTest({ 'answers.csv': `Azienda,Umore\n${rows}` }), 'answers.csv'),
    questionnaire: {
      ...{ name: 'small', title: text, languages: ['it'], defaultLanguage: 'it' },
      sections: [{ title: text, questions }],
    },
    mapping: {
      questionnaire: 'small',
      company: { column: 'Azienda' },
      variables: { mood: { column: 'Umore', codes: { bene: 1, male: 2 } } },
    },
  }
}

async function prepare() {
  const database = await databaseForTest('demonstration')
  const { prisma } = database
  const { id: organizationId, networkId } = await prisma.organization.findFirstOrThrow()
  const importFile = (given: { path: string; questionnaire?: unknown; mapping?: unknown; skipInvalid?: boolean }) =>
    prisma.$transaction(
      (tx) =>
        importResponses(
          tx,
          secrets,
          {
            ...{ networkId, organizationId, name, plan },
            ...{ questionnaire: json('questionnaire.json'), mapping: json('mapping.json'), skipInvalid: false },
            ...given,
          },
          now,
        ),
      { timeout: 120_000 },
    )
  return { database, prisma, importFile }
}

test('answers that name no company become those of companies that are called synthetic, in a demonstration', async () => {
  const { database, prisma, importFile } = await prepare()
  const path = join(folderForTest({ 'rows.csv': osmiRows }), 'rows.csv')
  await expect(importFile({ path })).rejects.toThrow(SourceRefused)
  const report = await importFile({ path, skipInvalid: true })
  expect(report.leftOut.map(({ at }) => at.line)).toEqual([4, 6])
  expect(report.organizations).toEqual([{ name: 'Synthetic company A', taken: 3 }])
  const { campaignId } = report
  expect(await prisma.campaign.findUniqueOrThrow({ where: { id: campaignId } })).toMatchObject({
    ...{ status: 'closed', demonstration: true },
  })
  expect(await asOwner(database, (tx) => tx.response.count({ where: { campaignId } }))).toBe(3)
})

test.skipIf(isAbsent)(
  'real answers become a campaign of companies that are called synthetic, and are released',
  async () => {
    const { database, prisma, importFile } = await prepare()
    await expect(importFile({ path })).rejects.toThrow(SourceRefused)
    expect(await prisma.survey.count({ where: { name } })).toBe(0)

    const report = await importFile({ path, skipInvalid: true })
    expect(report.taken).toBe(1_251)
    expect(report.leftOut).toHaveLength(8)
    const campaign = await prisma.campaign.findUniqueOrThrow({
      where: { id: report.campaignId },
      include: { organizations: { include: { organization: true } } },
    })
    expect(campaign).toMatchObject({ status: 'closed', demonstration: true })
    expect(campaign.organizations).toHaveLength(8)
    for (const { organization } of campaign.organizations)
      expect(organization.name).toMatch(/^Synthetic company [A-H]$/)
    expect(await asOwner(database, (tx) => tx.response.count())).toBe(1_251)

    await requestRelease(prisma, campaign.id, now)
    await releaseResults(prisma, campaign.id, now)
    const { themes, tables } = await prisma.release.findUniqueOrThrow({
      where: { campaignId: campaign.id },
      include: { themes: { where: { organizationId: null }, orderBy: { position: 'asc' } }, tables: true },
    })
    // Of 989 and 1,251 valid answers 604 and 666 are critical, to the nearest five.
    expect(themes.map(({ needAreaCode, critical, respondents }) => [needAreaCode, critical, respondents])).toEqual([
      ['mental-wellbeing', 605, 990],
      ['health-care-access', 665, 1_250],
    ])
    expect(tables.length).toBeGreaterThan(100)
    expect(await verifyRelease(prisma, campaign.id, new Date())).toBe('same')
  },
)

test('a company that is none of the network is refused by name, and nothing is kept', async () => {
  const { prisma, importFile } = await prepare()
  await expect(importFile(small('Nessuna,bene\n'))).rejects.toMatchObject({
    code: 'COMPANY_UNKNOWN',
    message: 'company: /Nessuna: is no organization of the network (import it first, or correct the file).',
  })
  expect(await prisma.survey.count({ where: { name } })).toBe(0)
})

test('a company under several spellings is asked once, for all who answered', async () => {
  const { prisma, importFile } = await prepare()
  const { id, uuid, name } = await prisma.organization.findFirstOrThrow({ where: { name: 'Sebaste' } })
  const rows = [...Array(5).fill(name), ...Array(3).fill(uuid), ...Array(2).fill(uuid.toUpperCase()), 'Dimar']
  const { campaignId, organizations } = await importFile(small(rows.map((company) => `${company},bene\n`).join('')))
  expect(organizations).toEqual([
    { name: 'Sebaste', taken: 10 },
    { name: 'Dimar', taken: 1 },
  ])
  const asked = await prisma.campaignOrganization.findMany({ where: { campaignId }, orderBy: { headCount: 'desc' } })
  expect(asked).toHaveLength(2)
  expect(asked[0]).toMatchObject({ organizationId: id, headCount: 10 })
})

describe('a name that two organizations have', () => {
  async function prepareTwo() {
    const { prisma, importFile } = await prepare()
    const known = await prisma.organization.findFirstOrThrow({ where: { name: 'Sebaste' } })
    const id = 'ffffffff-0000-4000-8000-000000000000'
    const { networkId, name } = known
    await prisma.organization.create({ data: { id, uuid: id, networkId, name, description: '' } })
    return { prisma, importFile, uuids: [known.uuid, id] as const }
  }

  test('is refused, and both are told', async () => {
    const { prisma, importFile, uuids } = await prepareTwo()
    await expect(importFile(small('Sebaste,bene\n'))).rejects.toMatchObject({
      code: 'COMPANY_AMBIGUOUS',
      message:
        `company: /Sebaste: is the name of 2 organizations, ${uuids[0]} and ${uuids[1]} ` +
        '(give the UUID of the one that is meant, in the file or the mapping).',
    })
    expect(await prisma.survey.count({ where: { name } })).toBe(0)
  })

  test('is one of them by its UUID', async () => {
    const { prisma, importFile, uuids } = await prepareTwo()
    const { campaignId } = await importFile(small(`${uuids[1]},bene\n`))
    const asked = await prisma.campaignOrganization.findMany({ where: { campaignId } })
    expect(asked.map(({ organizationId }) => organizationId)).toEqual([uuids[1]])
  })
})

describe('a file of which nothing can be taken is refused', () => {
  const refusalOf = async (rows: string, skipInvalid: boolean) => {
    const { prisma, importFile } = await prepare()
    const refusal = await importFile({ ...small(rows), skipInvalid }).catch((error: unknown) => error)
    expect(await prisma.survey.count({ where: { name } })).toBe(0)
    if (!(refusal instanceof SourceRefused)) throw refusal
    return [...refusal.problems.map(describeProblem), refusal.message]
  }

  test.each([true, false])('for it has no rows, invalid ones skipped or not: %s', async (skipInvalid) => {
    const message = 'answers.csv: there is no row below the header. Nothing was imported.'
    expect(await refusalOf('', skipInvalid)).toEqual([message])
  })

  test('for what is wrong with each row', async () => {
    const fix = 'correct the source, or give the text a code in the mapping'
    expect(await refusalOf('Sebaste,boh\nDimar,mah\n', true)).toEqual([
      `answers.csv:2 Umore "boh": has no code in the mapping (${fix})`,
      `answers.csv:3 Umore "mah": has no code in the mapping (${fix})`,
      'answers.csv: no row could be taken. Nothing was imported.',
    ])
  })
})

test('documents that are wrong are refused with what is wrong in them', async () => {
  const { prisma, importFile } = await prepare()
  await expect(importFile({ path, mapping: { questionnaire: 'else' } })).rejects.toMatchObject({
    code: 'MAPPING_INVALID',
  })
  expect(await prisma.survey.count({ where: { name } })).toBe(0)
})
