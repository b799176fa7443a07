import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { passingSecrets } from '../../secrets.ts'
import { SourceRefused } from '../../sources/problem.ts'
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
const plan = { recodes: [], tables: [['company']], companies: 'everyone' }

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
            ...{ networkId, organizationId, name: 'OSMI 2014', plan },
            ...{ questionnaire: json('questionnaire.json'), mapping: json('mapping.json'), skipInvalid: false },
            ...given,
          },
          now,
        ),
      { timeout: 120_000 },
    )
  return { database, prisma, importFile }
}

test.skipIf(isAbsent)(
  'real answers become a campaign of companies that are called synthetic, and are released',
  async () => {
    const { database, prisma, importFile } = await prepare()
    await expect(importFile({ path })).rejects.toThrow(SourceRefused)
    expect(await prisma.survey.count()).toBe(0)

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
  const text = { it: 'Come sta?' }
  const questions = [{ kind: 'single', name: 'mood', text, options: [{ text }, { text }] }]
  const questionnaire = {
    ...{ name: 'small', title: text, languages: ['it'], defaultLanguage: 'it' },
    sections: [{ title: text, questions }],
  }
  const mapping = {
    questionnaire: 'small',
    company: { column: 'Azienda' },
    variables: { mood: { column: 'Umore', codes: { bene: 1, male: 2 } } },
  }
  const folder = folderForTest({ 'answers.csv': 'Azienda,Umore\nNessuna,bene\n' })
  const attempt = importFile({ path: join(folder, 'answers.csv'), questionnaire, mapping })
  await expect(attempt).rejects.toMatchObject({
    code: 'COMPANY_UNKNOWN',
    message: 'company: /Nessuna: is no organization of the network (import it first, or correct the file).',
  })
  expect(await prisma.survey.count()).toBe(0)
})

test('documents that are wrong are refused with what is wrong in them', async () => {
  const { prisma, importFile } = await prepare()
  await expect(importFile({ path, mapping: { questionnaire: 'else' } })).rejects.toMatchObject({
    code: 'MAPPING_INVALID',
  })
  expect(await prisma.survey.count()).toBe(0)
})
