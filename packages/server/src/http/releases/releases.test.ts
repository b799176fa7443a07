import { parse } from 'csv-parse/sync'
import { XMLParser } from 'fast-xml-parser'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../database/connect.ts'
import { createApiKey } from '../../domains/access/api-keys.ts'
import type { ToldRelease } from '../../domains/survey/releasing/read-release.ts'
import { releaseResults, requestRelease } from '../../domains/survey/releasing/release-results.ts'
import { encodeGlobalId } from '../../graphql/global-id.ts'
import { gender, makeClosedCampaign, wellbeing, wellbeingAnswers } from '../../testing/closed-campaign.ts'
import { readChart } from '../../testing/read-chart.ts'
import { openTestDatabase } from '../../testing/test-database.ts'
import { serve } from '../../testing/test-server.ts'

const now = new Date('2026-11-23T12:00:00+01:00')

let database: Database
let close: () => Promise<void>
let url: string
let release: string
let organizations: string[]
let key: string
let strangersKey: string
let smallOnesKey: string

beforeAll(async () => {
  database = await openTestDatabase('empty')
  const { prisma } = database
  const made = await makeClosedCampaign(database, {
    document: { ...wellbeing, languages: ['it', 'en', 'de-CH'] },
    plan: { recodes: [gender], tables: [['company', 'gender']], companies: 'own' },
    answered: wellbeingAnswers([60, 80, 8, 120]),
    headCounts: [90, 100, 70, 150],
  })
  organizations = made.organizations
  await requestRelease(prisma, made.campaignId, now)
  await releaseResults(prisma, made.campaignId, now)
  const { id } = await prisma.release.findUniqueOrThrow({ where: { campaignId: made.campaignId } })
  release = encodeGlobalId('Release', id)
  const keys = await Promise.all(
    [0, 1, 2].map((index) =>
      createApiKey(prisma, {
        networkId: made.networkId,
        organizationId: organizations[index]!,
        name: 'intranet',
        scopes: ['grant_issue'],
        expiresAt: null,
      }),
    ),
  )
  ;[key, strangersKey, smallOnesKey] = keys.map(({ key }) => key) as [string, string, string]
  const server = await serve(database)
  url = server.origin
  close = server.close
})
afterAll(() => close())

const get = (file: string, credential?: string, query = '') =>
  fetch(new URL(`/releases/${release}/${file}${query}`, url), {
    headers: credential === undefined ? {} : { authorization: `Bearer ${credential}` },
  })
const ofOrganization = (index: number) => `?organization=${encodeGlobalId('Organization', organizations[index]!)}`

describe('files of a release', () => {
  test('charts are XML that says in words what it shows', async () => {
    for (const file of ['themes.svg', ...[1, 2, 3, 4, 5].map((position) => `tables/${position}.svg`)]) {
      const response = await get(file)
      expect(response.status, file).toBe(200)
      expect(response.headers.get('content-type')).toBe('image/svg+xml; charset=utf-8')
      const { svg } = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' }).parse(await response.text())
      expect(svg.role).toBe('img')
      expect(svg['aria-labelledby']).toBe(`${svg.title.id} ${svg.desc.id}`)
      expect(svg.desc['#text']).toMatch(/%/)
    }
    const themes = await (await get('themes.svg')).text()
    expect(themes).toContain('work-stress')
    expect(themes).not.toContain('>care<')
  })

  test('what is not shown is hatched, and its numbers are nowhere', async () => {
    const ofSmallOne = (file: string) => get(file, smallOnesKey, ofOrganization(2))
    const { tables }: Pick<ToldRelease, 'tables'> = await (await ofSmallOne('results.json')).json()
    const rows = parse<Record<string, string>>(await (await ofSmallOne('results.csv')).text(), { columns: true })
    const hidden = tables.filter(({ groups }) => groups.every(({ distribution }) => 'suppressed' in distribution))
    // Of eight people it is told how many are women, and no more.
    expect(hidden.map(({ measure }) => measure)).toEqual(['stress', 'cura', 'need-area:work-stress', 'need-area:care'])
    for (const { position, measure, text, groups } of hidden) {
      for (const { distribution } of groups) expect(distribution).toEqual({ suppressed: true })
      const { marks, texts, description } = readChart(await (await ofSmallOne(`tables/${position}.svg`)).text())
      expect(marks.filter(({ fill }) => fill === 'hatched')).toHaveLength(groups.length)
      expect(texts.filter(({ text }) => text === 'non pubblicato')).toHaveLength(groups.length)
      // No share, no number of people: no part of a bar but the hatched ones, and the legend.
      expect(marks.filter(({ fill, height }) => fill !== 'hatched' && height !== 14)).toEqual([])
      expect(texts.map(({ text }) => text).filter((text) => /%|risposte/.test(text))).toEqual([])
      expect(description.replace(text, '')).not.toMatch(/%|risposte/)
      const ofMeasure = rows.filter((row) => row.measure === measure)
      expect(ofMeasure).toHaveLength(groups.length)
      for (const { suppressed, respondents, answer, answer_text, count, percent } of ofMeasure)
        expect([suppressed, respondents, answer, answer_text, count, percent]).toEqual(['true', '', '', '', '', ''])
    }
  })

  test('of few people the needs are hatched, and it is not said that none is critical', async () => {
    const { tables } = await (await get('results.json', smallOnesKey, ofOrganization(2))).json()
    const needAreas = tables.filter(({ needArea }: { needArea: string | null }) => needArea !== null)
    expect(needAreas.map(({ needArea }: { needArea: string }) => needArea)).toEqual(['work-stress', 'care'])
    const { description, marks, texts } = readChart(
      await (await get('themes.svg', smallOnesKey, ofOrganization(2))).text(),
    )
    expect(marks.map(({ fill }) => fill)).toEqual(['hatched', 'hatched'])
    expect(texts.map(({ text }) => text)).toEqual(expect.arrayContaining(['work-stress', 'care', 'non pubblicato']))
    expect(description).toMatch(/\. work-stress: non pubblicato\. care: non pubblicato\.$/)
    expect(description).not.toContain('Nessun')
  })

  test('CSV has a row for each answer of each group, and one for each that is not shown', async () => {
    const text = await (await get('results.csv')).text()
    const rows = parse<Record<string, string>>(text, { columns: true })
    expect(new Set(rows.map(({ measure }) => measure))).toEqual(
      new Set(['genere', 'stress', 'cura', 'need-area:work-stress', 'need-area:care']),
    )
    const ofStress = rows.filter(({ measure, group }) => measure === 'stress' && group === '')
    expect(ofStress.map(({ answer }) => answer)).toEqual(['1', '2', '3', '4', '5'])
    for (const { count } of rows.filter(({ suppressed }) => suppressed === 'false')) expect(Number(count) % 5).toBe(0)
    for (const { count, respondents } of rows.filter(({ suppressed }) => suppressed === 'true'))
      expect([count, respondents]).toEqual(['', ''])
  })

  test('codebooks come as JSON and as DDI', async () => {
    const codebook = await (await get('codebook.json')).json()
    expect(codebook.variables.map(({ name }: { name: string }) => name)).toEqual(['genere', 'stress', 'cura'])
    expect(await (await get('codebook.xml')).text()).toContain('ddi:codebook:2_5')
  })

  test('the codebook says what every measure, answer and group of the CSV is', async () => {
    interface Described {
      name: string
      label: Record<string, string>
      categories: { value: string; text: Record<string, string> }[]
    }
    const codebook: Record<'measures' | 'recodes', Described[]> = await (await get('codebook.json')).json()
    const say = ({ it, en }: Record<string, string>) => it ?? en
    const described = (list: Described[], of: (name: string, value: string) => string) =>
      list.flatMap(({ name, categories }) => categories.map(({ value, text }) => [of(name, value), say(text)] as const))
    const texts = new Map(codebook.measures.map(({ name, label }) => [name, say(label)]))
    const answers = new Map(described(codebook.measures, (name, value) => `${name} ${value}`))
    const groups = new Map(described(codebook.recodes, (name, value) => `${name}=${value}`))
    const rows = parse<Record<string, string>>(await (await get('results.csv')).text(), { columns: true })
    expect(rows.length).toBeGreaterThan(20)
    for (const { measure, text, suppressed, answer, answer_text, group } of rows) {
      expect(texts.get(measure!)).toBe(text)
      if (suppressed === 'false') expect(answers.get(`${measure} ${answer}`)).toBe(answer_text)
      if (group !== '') expect(groups.get(group!)).toBeTruthy()
    }
    expect([...groups]).toEqual([
      ['gender=women', 'donne'],
      ['gender=men', 'uomini'],
      ['gender=unstated', 'non indicato'],
    ])
  })

  test.each([
    ['', 'it'],
    ['?language=it', 'it'],
    ['?language=it-IT', 'it'],
    ['?language=en-GB', 'en'],
    ['?language=de-CH', 'de-CH'],
    ['?language=de', 'it'],
    ['?language=fr-FR', 'it'],
  ])('%s is answered in the language that the questionnaire has for it, everywhere alike', async (query, language) => {
    expect((await (await get('results.json', undefined, query)).json()).language).toBe(language)
    const everybody = language === 'it' ? 'Tutte le persone' : 'Everybody'
    for (const file of ['themes.svg', 'tables/1.svg']) {
      const chart = readChart(await (await get(file, undefined, query)).text())
      expect(chart.language).toBe(language)
      const own = chart.texts.find(({ text }) => text === everybody)
      expect(own!.language).toBe(language === 'de-CH' ? 'en' : undefined)
    }
    expect(await (await get('codebook.xml', undefined, query)).text()).toContain(
      ` version="2.5" xml:lang="${language}"`,
    )
  })

  test('those of an organization are for its own key, and for nobody else there', async () => {
    const own = await get('results.json', key, ofOrganization(0))
    expect(own.status).toBe(200)
    expect((await own.json()).organization).toBe(organizations[0])
    for (const credential of [undefined, strangersKey])
      for (const file of ['results.json', 'results.csv', 'themes.svg', 'tables/1.svg', 'codebook.json'])
        expect((await get(file, credential, ofOrganization(0))).status, file).toBe(404)
  })

  describe('in caches', () => {
    const varies = (response: Response) => (response.headers.get('vary') ?? '').split(', ')
    const policy = (response: Response) => response.headers.get('cache-control')

    test.each(['themes.svg', 'tables/1.svg', 'results.json', 'results.csv', 'codebook.json', 'codebook.xml'])(
      '%s is kept for all who have no key, and of no other',
      async (file) => {
        const anyones = await get(file)
        expect([anyones.status, policy(anyones)]).toEqual([200, 'public, max-age=3600'])
        const keyed = await get(file, key)
        expect([keyed.status, policy(keyed)]).toEqual([200, 'private, no-store'])
        const own = await get(file, key, ofOrganization(0))
        expect([own.status, policy(own)]).toEqual([200, 'private, no-store'])
        for (const response of [anyones, keyed, own])
          expect(varies(response)).toEqual(expect.arrayContaining(['Authorization', 'Accept-Encoding']))
      },
    )

    test('nothing of a keyed answer is left for who asks the same without a key', async () => {
      const own = await get('results.json', key, ofOrganization(0))
      const withoutKey = await get('results.json', undefined, ofOrganization(0))
      expect([own.status, withoutKey.status]).toEqual([200, 404])
      // A cache keeps no answer that is not to be stored, and would not hand it to another credential.
      for (const response of [own, withoutKey]) {
        expect(policy(response)).toBe('private, no-store')
        expect(varies(response)).toContain('Authorization')
      }
      const [keyed, anyones] = [await get('results.json', key), await get('results.json')]
      expect([policy(keyed), policy(anyones)]).toEqual(['private, no-store', 'public, max-age=3600'])
      for (const response of [keyed, anyones]) expect(varies(response)).toContain('Authorization')
    })

    test.each([
      ['no such file', 'tables/99.svg', 'GET', 404],
      ['an address that is wrong', 'results.json?format=xml', 'GET', 400],
      ['another method', 'results.json', 'POST', 405],
    ])('a refusal is not kept: %s', async (_, file, method, status) => {
      for (const credential of [undefined, key]) {
        const headers = credential === undefined ? {} : { authorization: `Bearer ${credential}` }
        const response = await fetch(new URL(`/releases/${release}/${file}`, url), { method, headers })
        expect([response.status, policy(response)]).toEqual([status, 'private, no-store'])
        expect(varies(response)).toEqual(expect.arrayContaining(['Authorization', 'Accept-Encoding']))
      }
    })

    test.each([
      ['a credential that is none', 401, 'Bearer no'],
      ['a header that is none', 400, 'Basic no'],
    ])('a refusal of the caller is not kept: %s', async (_, status, authorization) => {
      const response = await fetch(new URL(`/releases/${release}/results.json`, url), { headers: { authorization } })
      expect([response.status, policy(response)]).toEqual([status, 'private, no-store'])
      expect(varies(response)).toEqual(expect.arrayContaining(['Authorization', 'Accept-Encoding']))
      expect(response.headers.get('access-control-allow-origin')).toBe('*')
    })

    test('a failure is not kept, whoever asked', async () => {
      const gone = await openTestDatabase('empty')
      const failing = await serve({ ...gone, close: async () => {} })
      await gone.close()
      try {
        for (const headers of [{}, { authorization: `Bearer ${key}` }]) {
          const response = await fetch(new URL(`/releases/${release}/results.json`, failing.origin), { headers })
          expect([response.status, policy(response)]).toEqual([500, 'private, no-store'])
          expect(varies(response)).toEqual(expect.arrayContaining(['Authorization', 'Accept-Encoding']))
        }
      } finally {
        await failing.close()
      }
    })
  })

  test.each([
    ['tables/99.svg', 404],
    ['tables/0.svg', 404],
    ['else.svg', 404],
    ['results.json?language=italiano', 400],
    ['results.json?organization=service_1', 400],
    ['results.json?format=xml', 400],
  ])('%s is answered with %d', async (file, status) => {
    const response = await get(file)
    expect(response.status).toBe(status)
    expect((await response.json()).errors[0].message).toBeTruthy()
  })

  test('no release is told from one that is not there', async () => {
    const answers = await Promise.all(
      ['release_00000000000000000000000000000000', 'campaign_00000000000000000000000000000000', 'x'].map(async (id) => {
        const response = await fetch(new URL(`/releases/${id}/results.json`, url))
        return response.status
      }),
    )
    expect(answers).toEqual([404, 404, 404])
    expect((await fetch(new URL(`/releases/${release}/results.json`, url), { method: 'POST' })).status).toBe(405)
  })
})
