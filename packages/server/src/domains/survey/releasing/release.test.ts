import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../../database/connect.ts'
import { byCompanyAlone } from '../../../testing/build-campaign.ts'
import {
  type Given,
  gender,
  makeClosedCampaign,
  wellbeing,
  wellbeingAnswers,
} from '../../../testing/closed-campaign.ts'
import { makeAnswers, makeQuestionnaire } from '../../../testing/generate-questionnaire.ts'
import { asOwner, openTestDatabase } from '../../../testing/test-database.ts'
import { byCompany, keyText } from '../disclosure/counted-tables.ts'
import { encodeAnswers, type Response } from '../questionnaire/answers.ts'
import { measuresOf } from '../questionnaire/measures.ts'
import type { Questionnaire } from '../questionnaire/model.ts'
import { holds } from '../questionnaire/proposition.ts'
import { type Recode, recodeOf } from '../questionnaire/recode.ts'
import { variablesOf } from '../questionnaire/variables.ts'
import { runCampaigns } from '../run-campaigns.ts'
import { countCampaign } from './count-campaign.ts'
import type { Plan } from './plan.ts'
import { type ReleasedGroup, releaseResults, requestRelease, verifyRelease } from './release-results.ts'

const now = new Date('2026-11-23T12:00:00+01:00')

let database: Database
beforeAll(async () => {
  database = await openTestDatabase('empty')
})
afterAll(() => database.close())

const closedCampaign = (given: Given) => makeClosedCampaign(database, given)

describe('counting', () => {
  test('the database counts what reading every answer counts, for any questionnaire', async () => {
    const property = fc.asyncProperty(fc.gen(), async (gen) => {
      const document = makeQuestionnaire(gen)
      const [variable] = variablesOf(document).filter(({ min, max }) => max > min)
      if (variable === undefined) return
      const split = (name: string, cut: number): Recode => ({
        name,
        text: { it: name },
        variable: variable.name,
        categories: [
          { name: 'low', text: { it: 'bassi' }, values: [{ from: variable.min, to: cut }] },
          { name: 'high', text: { it: 'alti' }, values: [{ from: cut + 1, to: variable.max }] },
        ],
      })
      const recodes = [split('first', variable.min), split('second', variable.max - 1)]
      const plan: Plan = {
        recodes,
        tables: [
          ['first', 'second'],
          [byCompany, 'first'],
        ],
        companies: 'own',
      }
      const answered = Array.from({ length: 30 }, (_, index) => ({
        organization: index % 3,
        values: (encodeAnswers(document, makeAnswers(gen, document)) as Response).values,
      }))
      const { campaignId, organizations } = await closedCampaign({ document, plan, answered, headCounts: [20, 20, 20] })
      const asked = organizations.map((organizationId) => ({ organizationId, headCount: 20 }))
      const counted = await countCampaign(database.prisma, { campaignId, document, plan, organizations: asked })

      const measures = measuresOf(document)
      const dimensions = [[], ['first'], ['second'], ['first', 'second']]
      const expected = new Map<string, number[][]>()
      for (const { organization, values } of answered) {
        for (const names of dimensions) {
          const key = Object.fromEntries(
            names.map((name) => [name, recodeOf(document, recodes.find((recode) => recode.name === name)!, values)]),
          )
          for (const group of [key, { [byCompany]: organizations[organization]!, ...key }]) {
            const counts = expected.get(keyText(group)) ?? measures.map(({ answers }) => answers.map(() => 0))
            expected.set(keyText(group), counts)
            for (const [measure, { answers }] of measures.entries()) {
              const said = answers.findIndex(({ when }) => holds(when, values))
              if (said >= 0) counts[measure]![said]! += 1
            }
          }
        }
      }
      const found = new Map(counted.groups.map(({ key, counts }) => [keyText(key), counts]))
      for (const [key, counts] of expected) {
        if (counts.flat().some((count) => count > 0)) expect(found.get(key), key).toEqual(counts)
      }
    })
    await fc.assert(property, { numRuns: 8 })
  })

  test('more answers are counted than one statement has columns', async () => {
    const options = Array.from({ length: 60 }, (_, index) => ({ text: { it: `risposta ${index}` } }))
    const questions = Array.from({ length: 30 }, (_, index) => ({
      kind: 'single' as const,
      name: `q${index}`,
      text: { it: `domanda ${index}` },
      options,
    }))
    const document: Questionnaire = { ...wellbeing, sections: [{ title: { it: 'Molto' }, questions }] }
    const answered = Array.from({ length: 40 }, (_, person) => ({
      organization: person % 2,
      values: questions.map((_, index) => 1 + ((person * 7 + index) % options.length)),
    }))
    const plan = byCompanyAlone
    const { campaignId, organizations } = await closedCampaign({ document, plan, answered, headCounts: [30, 30] })
    const asked = organizations.map((organizationId) => ({ organizationId, headCount: 30 }))
    const { groups } = await countCampaign(database.prisma, { campaignId, document, plan, organizations: asked })
    for (const [organization, company] of [...organizations.entries(), [null, undefined] as const]) {
      const { counts } = groups.find(({ key }) => key[byCompany] === company)!
      const own = answered.filter((each) => organization === null || each.organization === organization)
      expect(counts).toEqual(
        questions.map((_, question) =>
          options.map((_, option) => own.filter(({ values }) => values[question] === option + 1).length),
        ),
      )
    }
  })

  test('nothing is counted before the campaign is closed', async () => {
    const { prisma } = database
    const { campaignId } = await closedCampaign({
      document: wellbeing,
      plan: byCompanyAlone,
      answered: [],
      headCounts: [9],
    })
    await expect(prisma.$queryRaw`SELECT * FROM count_answers(${randomUUID()}::uuid)`).rejects.toThrow(/not closed/)
    expect(await prisma.$queryRaw`SELECT * FROM count_answers(${campaignId}::uuid)`).toEqual([])
  })
})

describe('a release', () => {
  const plan: Plan = { recodes: [gender], tables: [[byCompany], ['gender']], companies: 'own' }
  const sizes = [60, 80, 40, 120]
  const closed = () =>
    closedCampaign({ document: wellbeing, plan, answered: wellbeingAnswers(sizes), headCounts: [90, 100, 70, 150] })

  test('it is made once, with the critical themes, and never changed', async () => {
    const { prisma } = database
    const { campaignId, networkId, organizations } = await closed()
    await requestRelease(prisma, campaignId, now)
    const { id } = await requestRelease(prisma, campaignId, now)
    await Promise.all([releaseResults(prisma, campaignId, now), releaseResults(prisma, campaignId, now)])
    const release = await prisma.release.findUniqueOrThrow({
      where: { campaignId },
      include: { campaign: true, tables: true, themes: { include: { needArea: true } } },
    })
    expect(release).toMatchObject({
      id,
      status: 'released',
      releasedOn: new Date('2026-11-23'),
      campaign: { status: 'released' },
    })
    // Three questions and two need areas, of everybody and of each company.
    expect(release.tables).toHaveLength(5 * 5)
    const ofAll = release.themes.filter(({ organizationId }) => organizationId === null)
    expect(ofAll.map(({ needArea }) => needArea!.code)).toEqual(['work-stress'])
    expect(ofAll[0]).toMatchObject({ respondents: 300, position: 1 })
    expect(ofAll[0]!.permille).toBeGreaterThan(500)
    expect(ofAll[0]!.responseRate).toBeCloseTo(300 / 410)

    expect(await verifyRelease(prisma, campaignId, now)).toBe('same')
    const attempts = [
      `UPDATE release SET hash = NULL WHERE id = '${id}'`,
      `DELETE FROM release WHERE id = '${id}'`,
      `UPDATE result_table SET results = '[]' WHERE release_id = '${id}'`,
      `DELETE FROM result_table WHERE release_id = '${id}'`,
      `UPDATE critical_theme SET critical = 0 WHERE release_id = '${id}'`,
      `INSERT INTO critical_theme SELECT gen_random_uuid(), network_id, release_id, organization_id, 99, need_area_id, need_area_code,
        respondents, critical, permille, response_rate, low, high FROM critical_theme WHERE release_id = '${id}'`,
    ]
    for (const attempt of attempts)
      await expect(prisma.$executeRawUnsafe(attempt), attempt).rejects.toThrow(/never changed/)
    // A need area may go; an organization stays while there is what its people said; all goes with the network.
    await prisma.needArea.delete({ where: { id: ofAll[0]!.needAreaId! } })
    expect(await prisma.resultTable.count({ where: { releaseId: id } })).toBe(5 * 5)
    await expect(prisma.organization.delete({ where: { id: organizations[3]! } })).rejects.toThrow(/stands still/)
    await asOwner(database, (tx) => tx.network.delete({ where: { id: networkId } }))
    expect(await prisma.resultTable.count({ where: { releaseId: id } })).toBe(0)
  })

  test('where more answered than there are said to be, it is made all the same, and nobody took part twice', async () => {
    const { prisma } = database
    const headCounts = [90, 100, 33, 150]
    const { campaignId, organizations } = await closedCampaign({
      document: wellbeing,
      plan,
      answered: wellbeingAnswers(sizes),
      headCounts,
    })
    await requestRelease(prisma, campaignId, now)
    expect(await releaseResults(prisma, campaignId, now)).toBe(true)
    const { tables, themes } = await prisma.release.findUniqueOrThrow({
      where: { campaignId },
      include: { tables: true, themes: true },
    })
    // 40 answered where 33 were said to be: then there are 40.
    const people = new Map(organizations.map((id, index) => [id, [90, 100, 40, 150][index]]))
    for (const { organizationId, results } of tables) {
      for (const { group, population, distribution } of results as unknown as ReleasedGroup[]) {
        if (group.gender !== undefined || organizationId === null) continue
        expect(population).toBe(people.get(organizationId))
        if ('value' in distribution) expect(distribution.value.n).toBeLessThanOrEqual(population!)
      }
    }
    expect(tables.some(({ organizationId }) => organizationId === organizations[2])).toBe(true)
    expect(themes.length).toBeGreaterThan(0)
    for (const { responseRate } of themes) expect(responseRate).toBeLessThanOrEqual(1)
    expect(await verifyRelease(prisma, campaignId, now)).toBe('same')
  })

  test('answers that were changed afterwards make another', async () => {
    const { prisma } = database
    const { campaignId } = await closed()
    await requestRelease(prisma, campaignId, now)
    expect(await runCampaigns(prisma, now)).toEqual({ released: 1 })
    expect(await runCampaigns(prisma, now)).toEqual({})
    await asOwner(
      database,
      (tx) => tx.$executeRaw`UPDATE response SET answers = '{1,1,1}' WHERE campaign_id = ${campaignId}::uuid`,
    )
    expect(await verifyRelease(prisma, campaignId, now)).toBe('other')
  })

  test('what is stored of it is what was signed, or it is told that it is not', async () => {
    const { prisma } = database
    const { campaignId } = await closed()
    const { id } = await requestRelease(prisma, campaignId, now)
    await releaseResults(prisma, campaignId, now)
    const twoYearsLater = new Date('2028-12-02T12:00:00+01:00')
    expect(await verifyRelease(prisma, campaignId, twoYearsLater)).toBe('forgotten')
    const alterations = [
      `UPDATE result_table SET results = '[]' WHERE release_id = '${id}' AND position = 2 AND organization_id IS NULL`,
      `DELETE FROM result_table WHERE release_id = '${id}' AND position = 2 AND organization_id IS NULL`,
      `UPDATE critical_theme SET critical = critical + 5 WHERE release_id = '${id}' AND organization_id IS NULL`,
      `UPDATE critical_theme SET low = low + 0.001 WHERE release_id = '${id}' AND organization_id IS NULL`,
    ]
    for (const alteration of alterations) {
      const restored = new Error('restored')
      const verdict = asOwner(database, async (tx) => {
        await tx.$executeRaw`SET LOCAL session_replication_role = replica`
        expect(await tx.$executeRawUnsafe(alteration), alteration).toBe(1)
        expect(await verifyRelease(tx as typeof prisma, campaignId, twoYearsLater), alteration).toBe('altered')
        throw restored
      })
      await expect(verdict).rejects.toBe(restored)
    }
    expect(await verifyRelease(prisma, campaignId, now)).toBe('same')
  })

  test('one that can not be made keeps no other waiting, is said to have failed, and is made when it can be', async () => {
    const { prisma } = database
    const [broken, whole] = [await closed(), await closed()]
    for (const { campaignId } of [broken, whole]) await requestRelease(prisma, campaignId, now)
    const told = ({ campaignId }: { campaignId: string }) =>
      prisma.release.findUniqueOrThrow({ where: { campaignId }, select: { status: true, failures: true } })
    const { thresholds } = await prisma.campaign.findUniqueOrThrow({ where: { id: broken.campaignId } })
    const setThresholds = (text: string) =>
      asOwner(database, async (tx) => {
        await tx.$executeRaw`SET LOCAL session_replication_role = replica`
        await tx.$executeRaw`UPDATE campaign SET thresholds = ${text}::jsonb WHERE id = ${broken.campaignId}::uuid`
      })
    await setThresholds('{}')
    await expect(runCampaigns(prisma, now)).rejects.toThrow(RangeError)
    expect(await told(whole)).toEqual({ status: 'released', failures: 0 })
    expect(await told(broken)).toEqual({ status: 'failed', failures: 1 })
    await expect(runCampaigns(prisma, now)).rejects.toThrow(RangeError)
    expect(await told(broken)).toEqual({ status: 'failed', failures: 2 })
    await setThresholds(JSON.stringify(thresholds))
    expect(await runCampaigns(prisma, now)).toEqual({ released: 1 })
    expect(await told(broken)).toEqual({ status: 'released', failures: 2 })
    expect(await verifyRelease(prisma, broken.campaignId, now)).toBe('same')
  })

  test('while it is made its status tells how far it has come', async () => {
    const { prisma } = database
    const { campaignId } = await closed()
    await requestRelease(prisma, campaignId, now)
    const statements = [
      'CREATE TABLE told (place serial, status text)',
      `CREATE FUNCTION note_status() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS
        $$ BEGIN INSERT INTO told (status) VALUES (NEW.status); RETURN NULL; END $$`,
      'CREATE TRIGGER note_status AFTER UPDATE ON release FOR EACH ROW EXECUTE FUNCTION note_status()',
    ]
    for (const statement of statements) await asOwner(database, (tx) => tx.$executeRawUnsafe(statement))
    // As a server left it that was killed, or that failed: it is begun anew.
    await prisma.release.update({ where: { campaignId }, data: { status: 'failed' } })
    expect(await runCampaigns(prisma, now)).toEqual({ released: 1 })
    const told = await asOwner(database, async (tx) => {
      const rows = await tx.$queryRaw<{ status: string }[]>`SELECT status FROM told ORDER BY place`
      await tx.$executeRaw`DROP FUNCTION note_status CASCADE`
      await tx.$executeRaw`DROP TABLE told`
      return rows.map(({ status }) => status)
    })
    expect(told).toEqual(['failed', 'counting', 'protecting', 'writing', 'released'])
  })

  test('of two that are made side by side of the same people the second is protected from the first', async () => {
    const { prisma } = database
    const first = await closed()
    const second = await closedCampaign({
      document: wellbeing,
      plan,
      answered: wellbeingAnswers(sizes),
      headCounts: [90, 100, 70, 150],
      earlier: { ...first, change: { joiners: 0, leavers: 0 } },
    })
    const both = [first, second].map(({ campaignId }) => campaignId)
    const ids = await Promise.all(both.map(async (campaignId) => (await requestRelease(prisma, campaignId, now)).id))
    expect(await Promise.all(both.map((campaignId) => releaseResults(prisma, campaignId, now)))).toEqual([true, true])
    const earlier = await Promise.all(
      both.map(async (campaignId) => (await prisma.release.findUniqueOrThrow({ where: { campaignId } })).earlier),
    )
    expect([
      [[], [ids[0]]],
      [[ids[1]], []],
    ]).toContainEqual(earlier)
    for (const campaignId of both) expect(await verifyRelease(prisma, campaignId, now)).toBe('same')
  })

  test('one that was cut off is made anew, and nothing of it was to be seen', async () => {
    const { prisma } = database
    const { campaignId } = await closed()
    const { id } = await requestRelease(prisma, campaignId, now)
    // As a server leaves it that is killed while it writes.
    await prisma.release.update({ where: { id }, data: { status: 'protecting' } })
    const cutOff = prisma.$transaction(async (tx) => {
      await tx.resultTable.create({
        data: {
          networkId: (await tx.release.findUniqueOrThrow({ where: { id } })).networkId,
          releaseId: id,
          position: 1,
          measure: 'stress',
          answers: [],
          results: [],
        },
      })
      throw new Error('killed')
    })
    await expect(cutOff).rejects.toThrow('killed')
    expect(await prisma.resultTable.count({ where: { releaseId: id } })).toBe(0)
    expect(await runCampaigns(prisma, now)).toEqual({ released: 1 })
    expect(await prisma.resultTable.count({ where: { releaseId: id } })).toBe(25)
  })

  test('it can not be asked for before the campaign is closed', async () => {
    const { prisma } = database
    const { campaignId } = await closed()
    await asOwner(database, async (tx) => {
      await tx.$executeRaw`SET LOCAL session_replication_role = replica`
      await tx.campaign.update({ where: { id: campaignId }, data: { status: 'open' } })
    })
    await expect(requestRelease(prisma, campaignId, now)).rejects.toMatchObject({ code: 'CAMPAIGN_STATUS' })
  })

  test('the next wave is protected from it: one who joined is not to be found by comparing', async () => {
    const { prisma } = database
    const first = await closed()
    await requestRelease(prisma, first.campaignId, now)
    await releaseResults(prisma, first.campaignId, now)
    const second = await closedCampaign({
      document: wellbeing,
      plan,
      // Two who joined the third company answered like nobody else.
      answered: [
        ...wellbeingAnswers(sizes),
        { organization: 2, values: [1, 5, 5] },
        { organization: 2, values: [2, 5, 5] },
      ],
      headCounts: [90, 100, 72, 150],
      earlier: { ...first, change: { joiners: 2, leavers: 0 } },
    })
    await requestRelease(prisma, second.campaignId, now)
    await releaseResults(prisma, second.campaignId, now)
    const tables = async (campaignId: string) =>
      (
        await prisma.resultTable.findMany({
          where: { release: { campaignId }, organizationId: first.organizations[2]! },
          orderBy: { position: 'asc' },
        })
      ).map(({ measure, results }) => ({
        measure,
        results: (results as { distribution: unknown }[]).map(({ distribution }) => distribution),
      }))
    const before = await tables(first.campaignId)
    for (const [index, { results }] of (await tables(second.campaignId)).entries()) {
      for (const [place, distribution] of results.entries())
        expect([before[index]!.results[place], { suppressed: true }]).toContainEqual(distribution)
    }
    expect(await verifyRelease(prisma, second.campaignId, now)).toBe('same')
  })
})
