import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../../database/connect.ts'
import { describeProblem } from '../../../sources/problem.ts'
import { csvText } from '../../../testing/csv-text.ts'
import { countRows, dumpTables } from '../../../testing/dump-tables.ts'
import { importSource, makeNetwork, refusalLines } from '../../../testing/import-source.ts'
import { openTestDatabase } from '../../../testing/test-database.ts'
import { folderForTest } from '../../../testing/write-files.ts'
import { sourceCell } from './check-record.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase('empty')
})
afterAll(() => database.close())

interface Case {
  /** The defect. */
  of: string
  files: Record<string, string | Uint8Array>
  /** What is told about it. */
  told: string[]
  /** What is told besides when it is left out, because it leads there. */
  follows?: string[]
  /** How many records of each kind go in when what is invalid is left out. */
  rest: Record<string, number>
  /** The source cells that keep what was left out of a record that stays. */
  kept?: Record<string, string>
}

type Row = Record<string, string>

const table = (...rows: Row[]) => csvText([...new Set(rows.flatMap((row) => Object.keys(row)))], rows)
const organization = { id: 'o1', name: 'Consorzio', description: 'Servizi sociali' }
const service = { id: 's1', organization_id: 'o1', name: 'Sportello', status: 'active' }
const term = { name: 'Voce', description: 'Una voce' }
const organizations = table(organization)
const services = table(service)

const encoding = 'a byte here is not UTF-8 (save the file as UTF-8; spreadsheets often write Windows-1252 or UTF-16)'
const columns = 'add the column; names are those of HSDS 3, in small letters'
const twice = 'give each row an identifier of its own, or remove one of the two'
const noId = 'give every record an identifier of its own'
const circle = 'a tree has a top: leave the parent of one of them empty'
const noOrganization = 'no such organization (correct it, or import the organization first or together)'
const noTerm = 'no such taxonomy term (correct it, or import the taxonomy term first or together)'
const unstorable =
  'holds a character that no text can hold (remove the NUL or the broken emoji; they come from files that were cut or converted wrongly)'
const brackets = 'check quotes, commas and brackets just before this line'
const elsewhere = 'say the same of a record wherever it is repeated, or give it an identifier of its own'
const bothPlaces = 'say the same in both places, or leave one of them out'

const tables: Case[] = [
  {
    of: 'a table in another encoding',
    files: {
      'organizations.csv': organizations,
      'contacts.csv': Buffer.from('id,organization_id,name\nc1,o1,Bar\nc2,o1,Caffè\n', 'latin1'),
    },
    told: [`contacts.csv:3: ${encoding}`],
    rest: { organization: 1 },
  },
  {
    of: 'a table without a column that HSDS requires',
    files: { 'organizations.csv': organizations, 'services.csv': 'id,organization_id,name\ns1,o1,Sportello\n' },
    told: [`services.csv:1: has no column status, which service requires (${columns})`],
    rest: { organization: 1 },
  },
  {
    of: 'a table whose column names are in capitals',
    files: { 'organizations.csv': 'Id,Name,Description\no1,Consorzio,Servizi\n' },
    told: [`organizations.csv:1: has no column id, name, description, which organization requires (${columns})`],
    rest: {},
  },
  {
    of: 'a table with semicolons between its cells',
    files: { 'organizations.csv': 'id;name;description\no1;Consorzio;Servizi\n' },
    told: ['organizations.csv:1: has semicolons between its cells (save it with commas between the cells)'],
    rest: {},
  },
  {
    of: 'an empty table',
    files: { 'organizations.csv': organizations, 'services.csv': '' },
    told: ['services.csv:1: is empty (a CSV file begins with a line of column names)'],
    rest: { organization: 1 },
  },
  {
    of: 'a table with a column twice',
    files: { 'organizations.csv': organizations, 'contacts.csv': 'id,name,name\nc1,a,b\n' },
    told: ['contacts.csv:1: has the column "name" twice (rename or remove one of them)'],
    rest: { organization: 1 },
  },
  {
    of: 'a table that ends inside a quote, and so no row of it',
    files: { 'organizations.csv': organizations, 'contacts.csv': 'id,name\nc1,a\nc2,"b\nc3,c\n' },
    told: [
      'contacts.csv:3: opens a quote here and never closes it (close it; double a quote that belongs to the text)',
    ],
    rest: { organization: 1 },
  },
  {
    of: 'a table that HSDS does not know',
    files: { 'organizations.csv': organizations, 'volunteers.csv': 'id,name\nv1,Ada\n' },
    told: [
      'volunteers.csv: is no table of HSDS (leave it out of the folder, or give it the name that HSDS gives its table)',
    ],
    rest: { organization: 1 },
  },
  {
    of: 'documents beside tables',
    files: { 'organizations.csv': organizations, 'more.json': '{"id": "o2", "name": "Altro", "description": "Altro"}' },
    told: ['more.json: is JSON in a folder of CSV tables (import it by itself, or leave it out of the folder)'],
    rest: { organization: 1 },
  },
  {
    of: 'a row that repeats an identifier',
    files: {
      'organizations.csv': table({ ...organization, email: '' }, { ...organization, name: 'Altro', email: 'a@b.it' }),
    },
    told: [`organizations.csv:3 id "o1": is the identifier of organizations.csv:2 too (${twice})`],
    rest: { organization: 1 },
  },
  {
    of: 'a row that repeats an identifier of another table of the same kind',
    files: {
      'organizations.csv': organizations,
      'url.csv': table({ id: 'u1', organization_id: 'o1', url: 'https://a.example.org' }),
      'urls.csv': table({ id: 'u1', organization_id: 'o1', url: 'https://b.example.org', note: 'x' }),
    },
    told: [`urls.csv:2 id "u1": is the identifier of url.csv:2 too (${twice})`],
    rest: { organization: 1, url: 1 },
  },
  {
    of: 'a row without an identifier',
    files: { 'organizations.csv': table(organization, { id: ' ', name: 'Altro', description: 'Altro' }) },
    told: [`organizations.csv:3 id: is missing (${noId})`],
    rest: { organization: 1 },
  },
  {
    of: 'a row without a value that HSDS requires',
    files: { 'organizations.csv': table(organization, { id: 'o2', name: 'Altro', description: '' }) },
    told: ['organizations.csv:3 description: is missing (HSDS requires description of every organization)'],
    rest: { organization: 1 },
  },
  {
    of: 'a day that is none',
    files: {
      'organizations.csv': organizations,
      'services.csv': table({ ...service, assured_date: '31/12/2026' }),
    },
    told: ['services.csv:2 assured_date "31/12/2026": is not a date (write YYYY-MM-DD)'],
    rest: { organization: 1, service: 1 },
    kept: { assured_date: '31/12/2026' },
  },
  {
    of: 'a number with a comma',
    files: {
      'organizations.csv': organizations,
      'services.csv': services,
      'cost_options.csv': table({ id: 'k1', service_id: 's1', amount: '12,50' }),
    },
    told: ['cost_options.csv:2 amount "12,50": is not a number (write digits, with a point for decimals)'],
    rest: { organization: 1, service: 1, cost_option: 1 },
    kept: { amount: '12,50' },
  },
  {
    of: 'an address of the web without its beginning, and an address of mail without its end',
    files: { 'organizations.csv': table({ ...organization, website: 'www.example.org', email: 'ente@' }) },
    told: [
      'organizations.csv:2 website "www.example.org": is not a web address (begin with https:// or http://)',
      'organizations.csv:2 email "ente@": is not an e-mail address (write name@domain)',
    ],
    rest: { organization: 1 },
    kept: { website: 'www.example.org', email: 'ente@' },
  },
  {
    of: 'a word that is not on the list, in a cell that may be empty',
    files: { 'schedules.csv': table({ id: 'h1', freq: 'DAILY', opens_at: '9:00' }) },
    told: [
      'schedules.csv:2 freq "DAILY": is not a known code (use WEEKLY, MONTHLY)',
      'schedules.csv:2 opens_at "9:00": is not a time of day (write HH:MM, with Z or an offset if not local)',
    ],
    rest: { schedule: 1 },
    kept: { freq: 'DAILY', opens_at: '9:00' },
  },
  {
    of: 'a word that is not on the list, in a cell that HSDS requires',
    files: { 'organizations.csv': organizations, 'services.csv': table({ ...service, status: 'open' }) },
    told: ['services.csv:2 status "open": is not a known code (use active, inactive, defunct, temporarily closed)'],
    rest: { organization: 1 },
  },
  {
    of: 'a latitude off the globe',
    files: { 'locations.csv': table({ id: 'l1', location_type: 'physical', latitude: '447', longitude: '8.03' }) },
    told: ['locations.csv:2 latitude "447": is not a latitude (write degrees from -90 to 90 (WGS 84))'],
    rest: { location: 1 },
    kept: { latitude: '447' },
  },
  {
    of: 'a NUL in a cell',
    files: { 'organizations.csv': table({ ...organization, legal_status: 'a\0b', colour: 'c\0d' }) },
    told: [
      `organizations.csv:2 colour "c\\u0000d": ${unstorable}`,
      `organizations.csv:2 legal_status "a\\u0000b": ${unstorable}`,
    ],
    rest: { organization: 1 },
    kept: { legal_status: 'a\uFFFDb', colour: 'c\uFFFDd' },
  },
  {
    of: 'a NUL in an identifier, and in a reference',
    files: {
      'organizations.csv': table(organization, { ...organization, id: 'o\0' }),
      'contacts.csv': table({ id: 'c1', organization_id: 'o\0' }),
    },
    told: [
      'contacts.csv:2 organization_id "o\\u0000": is not an identifier (give the id of the organization)',
      `organizations.csv:3 id "o\\u0000": is not an identifier (${noId})`,
    ],
    rest: { organization: 1, contact: 1 },
    kept: { organization_id: 'o\uFFFD' },
  },
  {
    of: 'a VAT number whose check digit is wrong',
    files: {
      'organizations.csv': organizations,
      'organization_identifiers.csv': table({
        id: 'i1',
        organization_id: 'o1',
        identifier_scheme: 'IT-VAT',
        identifier_type: 'Partita IVA',
        identifier: '00488410011',
      }),
    },
    told: [
      'organization_identifiers.csv:2 identifier "00488410011": is no identifier of IT-VAT (a partita IVA has 11 digits, the last of which checks the others)',
    ],
    rest: { organization: 1 },
  },
  {
    of: 'a reference that HSDS requires and that leads nowhere',
    files: {
      'organizations.csv': organizations,
      'services.csv': table(service, { ...service, id: 's2', organization_id: 'o2' }),
    },
    told: [`services.csv:3 organization_id "o2": ${noOrganization}`],
    rest: { organization: 1, service: 1 },
  },
  {
    of: 'what leads to a record that is left out itself, each told',
    files: {
      'organizations.csv': table({ ...organization, description: '' }),
      'services.csv': services,
      'cost_options.csv': table({ id: 'k1', service_id: 's1', option: 'Gratuito' }),
      'phones.csv': table({ id: 'p1', service_id: 's1', number: '0173 1' }),
    },
    told: ['organizations.csv:2 description: is missing (HSDS requires description of every organization)'],
    follows: [
      `services.csv:2 organization_id "o1": ${noOrganization}`,
      'cost_options.csv:2 service_id "s1": no such service (correct it, or import the service first or together)',
      'phones.csv:2 service_id "s1": no such service (correct it, or import the service first or together)',
    ],
    rest: { phone: 1 },
    kept: { service_id: 's1' },
  },
  {
    of: 'a reference that may be empty and leads nowhere',
    files: { 'organizations.csv': organizations, 'services.csv': table({ ...service, program_id: 'p9' }) },
    told: ['services.csv:2 program_id "p9": no such program (correct it, or import the program first or together)'],
    rest: { organization: 1, service: 1 },
    kept: { program_id: 'p9' },
  },
  {
    of: 'an attribute of a record that is not there',
    files: { 'attributes.csv': table({ id: 'a1', link_id: 's9', link_entity: 'service', value: 'x' }) },
    told: ['attributes.csv:2 link_id "s9": no such service (correct it, or import the service first or together)'],
    rest: { attribute: 1 },
    kept: { link_id: 's9' },
  },
  {
    of: 'an attribute of a kind of record that HSDS does not know',
    files: { 'attributes.csv': table({ id: 'a1', link_id: 's9', link_entity: 'volunteer', value: 'x' }) },
    told: ['attributes.csv:2 link_entity "volunteer": is no kind of record (give the HSDS name, such as service)'],
    rest: { attribute: 1 },
    kept: { link_id: 's9', link_entity: 'volunteer' },
  },
  {
    of: 'a term above itself',
    files: { 'taxonomy_terms.csv': table({ ...term, id: 't1', parent_id: 't1' }) },
    told: [`taxonomy_terms.csv:2 parent_id "t1": leads in a circle back to the same taxonomy term (${circle})`],
    rest: { taxonomy_term: 1 },
    kept: { parent_id: 't1' },
  },
  {
    of: 'two terms above each other',
    files: {
      'taxonomy_terms.csv': table({ ...term, id: 't1', parent_id: 't2' }, { ...term, id: 't2', parent_id: 't1' }),
    },
    told: [
      `taxonomy_terms.csv:2 parent_id "t2": leads in a circle back to the same taxonomy term (${circle})`,
      `taxonomy_terms.csv:3 parent_id "t1": leads in a circle back to the same taxonomy term (${circle})`,
    ],
    rest: { taxonomy_term: 2 },
  },
  {
    of: 'three terms in a circle, but not the one below them',
    files: {
      'taxonomy_terms.csv': table(
        { ...term, id: 't1', parent_id: 't2' },
        { ...term, id: 't2', parent_id: 't3' },
        { ...term, id: 't3', parent_id: 't1' },
        { ...term, id: 't4', parent_id: 't1' },
      ),
    },
    told: ['t2', 't3', 't1'].map(
      (parent, row) =>
        `taxonomy_terms.csv:${row + 2} parent_id "${parent}": leads in a circle back to the same taxonomy term (${circle})`,
    ),
    rest: { taxonomy_term: 4 },
  },
  {
    of: 'organizations that are parts of each other',
    files: {
      'organizations.csv': table(
        { ...organization, parent_organization_id: 'o2' },
        { ...organization, id: 'o2', parent_organization_id: 'o1' },
      ),
    },
    told: ['o2', 'o1'].map(
      (parent, row) =>
        `organizations.csv:${row + 2} parent_organization_id "${parent}": leads in a circle back to the same organization (${circle})`,
    ),
    rest: { organization: 2 },
  },
  {
    of: 'several defects at once, in the order of files and lines',
    files: {
      'organizations.csv': table({ ...organization, email: 'x' }, { ...organization, id: 'o2', website: 'x' }),
      'services.csv': table(service, { ...service, id: 's2', organization_id: 'o9', email: 'y' }),
    },
    told: [
      'organizations.csv:2 email "x": is not an e-mail address (write name@domain)',
      'organizations.csv:3 website "x": is not a web address (begin with https:// or http://)',
      'services.csv:3 email "y": is not an e-mail address (write name@domain)',
      `services.csv:3 organization_id "o9": ${noOrganization}`,
    ],
    rest: { organization: 2, service: 1 },
    kept: { email: 'x', website: 'x' },
  },
]

const json = (value: unknown) => JSON.stringify(value, null, 2)
const document = { ...organization, phones: [{ id: 'p1', number: '0173 1' }] }

const documents: Case[] = [
  {
    of: 'a document that is not JSON',
    files: { 'a.json': '{\n  "id": "o1",\n  "name" "Consorzio"\n}' },
    told: [`a.json:3: is not JSON here (${brackets})`],
    rest: {},
  },
  {
    of: 'the one document of a list that is not JSON',
    files: {
      'a.json': `[\n${json(organization)},\n{\n  "id": "o2",\n  "name": Altro\n},\n${json({ ...organization, id: 'o3' })}\n]`,
    },
    told: [`a.json:9 /1: is not JSON here (${brackets})`],
    rest: { organization: 2 },
  },
  {
    of: 'a document with a comma too many, or a comment',
    files: { 'a.json': '{\n"id": "o1",\n}', 'b.json': '{\n\n"id": "o1" // Consorzio\n}' },
    told: [`a.json:3: is not JSON here (${brackets})`, `b.json:3: is not JSON here (${brackets})`],
    rest: {},
  },
  {
    of: 'a text that is not closed',
    files: { 'a.json': '[{"id": "o1",\n"name": "Consorzio,\n"description": "x"}]' },
    told: ['a.json:2 /0: has a text that does not end on its line (close its quotes; write \\n for a line break)'],
    rest: {},
  },
  {
    of: 'a document that is cut off',
    files: { 'a.json': json(document).slice(0, -20) },
    told: ['a.json:1: ends before this document does (the file seems cut off)'],
    rest: {},
  },
  {
    of: 'the last document of a list that is cut off',
    files: { 'a.json': `[\n${JSON.stringify(organization)},\n{"id": "o2", "na` },
    told: ['a.json:3 /1: ends before this document does (the file seems cut off)'],
    rest: { organization: 1 },
  },
  {
    of: 'a line of JSON Lines that is not JSON',
    files: {
      'a.jsonl': `${JSON.stringify(organization)}\n{"id": "o2", name: "Altro"}\n${JSON.stringify({ ...organization, id: 'o3' })}\n`,
    },
    told: [`a.jsonl:2: is not JSON here (${brackets})`],
    rest: { organization: 2 },
  },
  {
    of: 'a line of JSON Lines that is cut off',
    files: { 'a.jsonl': `{"id": "o2", "phones": [{\n${JSON.stringify(organization)}\n` },
    told: ['a.jsonl:1: ends before this document does (put the whole document on one line)'],
    rest: { organization: 1 },
  },
  {
    of: 'a file without a document',
    files: { 'a.json': JSON.stringify(organization), 'b.json': '', 'c.json': '[]' },
    told: ['b', 'c'].map((name) => `${name}.json: holds no document (give HSDS documents, or leave the file out)`),
    rest: { organization: 1 },
  },
  {
    of: 'a file of JSON that is in another encoding',
    files: {
      'a.jsonl': JSON.stringify(organization),
      'b.jsonl': Buffer.from(
        `${JSON.stringify({ ...organization, id: 'o2' })}\n{"id": "o3", "name": "Caffè"}`,
        'latin1',
      ),
    },
    told: [`b.jsonl:2: ${encoding}`],
    rest: { organization: 1 },
  },
  {
    of: 'a list of numbers',
    files: { 'a.json': '[\n1, 2]' },
    told: ['a.json:2 /0: has "1" where a document should begin (a document is { … })'],
    rest: {},
  },
  {
    of: 'a document of something else',
    files: { 'a.json': json({ type: 'FeatureCollection', features: [] }) },
    told: [
      'a.json:1: is not a document of the directory (give a service, organization, location or taxonomy of HSDS 3)',
    ],
    rest: {},
  },
  {
    of: 'a document that nests a hundred deep',
    files: { 'a.json': `{"id": "o1",\n"name": ${'['.repeat(100)}${']'.repeat(100)}}` },
    told: ['a.json:2: nests deeper than 100 (HSDS nests seven deep at most)'],
    rest: {},
  },
  {
    of: 'a document without an identifier, with all that is in it',
    files: {
      'a.json': json([
        { ...document, id: undefined },
        { ...organization, id: 'o2' },
      ]),
    },
    told: [`a.json:2 /0 id: is missing (${noId})`],
    rest: { organization: 1 },
  },
  {
    of: 'a document without a value that HSDS requires, with its own parts',
    files: {
      'a.json': json({
        ...service,
        status: undefined,
        organization,
        phones: [{ id: 'p1', number: '0173 1', languages: [{ id: 'g1', code: 'it' }] }],
        contacts: [{ id: 'c1', phones: [{ id: 'p2', number: '0173 2' }] }],
        attributes: [{ id: 'a1', value: 'x' }],
      }),
    },
    told: ['a.json:1 status: is missing (HSDS requires status of every service)'],
    rest: { organization: 1 },
  },
  {
    of: 'a nested record without an identifier',
    files: { 'a.json': json({ ...document, phones: [{ number: '0173 1' }, { id: 'p2', number: '0173 2' }] }) },
    told: [`a.json:6 /phones/0 id: is missing (${noId})`],
    rest: { organization: 1, phone: 1 },
  },
  {
    of: 'a wrong value deep inside',
    files: {
      'a.json': json([organization, { ...document, phones: [{ id: 'p1', number: '0173 1', extension: '1a' }] }]),
    },
    told: ['a.json:15 /1/phones/0 extension "1a": is not a number (write digits, with a point for decimals)'],
    rest: { organization: 1, phone: 1 },
    kept: { extension: '1a' },
  },
  {
    of: 'a number where a list should be',
    files: { 'a.json': json({ ...organization, phones: 5 }) },
    told: ['a.json:5 phones 5: is not a list (write [ … ])'],
    rest: { organization: 1 },
    kept: { phones: '5' },
  },
  {
    of: 'a number in a list of records',
    files: { 'a.json': json({ ...organization, phones: [{ id: 'p1', number: '0173 1' }, 5] }) },
    told: ['a.json:10 /phones/1 5: is not a record of phone (a record is an object: { … })'],
    rest: { organization: 1, phone: 1 },
    kept: { phones: '[5]' },
  },
  {
    of: 'a text where a record should be',
    files: { 'a.json': json({ ...service, organization_id: undefined, organization: 'Consorzio' }) },
    told: ['a.json:5 organization "Consorzio": is not a record of organization (a record is an object: { … })'],
    rest: {},
  },
  {
    of: 'a key that is written twice',
    files: {
      'a.json':
        '[{"id": "o1", "name": "Consorzio", "description": "Servizi",\n"phones": [{"id": "p1",\n"number": "0173 1",\n"number": "0173 2"}]}]',
    },
    told: ['a.json:3 /0/phones/0 number "0173 1": is written twice (keep one of the two)'],
    rest: { organization: 1, phone: 1 },
  },
  {
    of: 'a list where a value should be',
    files: { 'a.json': json({ ...organization, email: ['a@b.it', 'c@d.it'] }) },
    told: ['a.json:5 email ["a@b.it","c@d.it"]: is a list or object (give a single value)'],
    rest: { organization: 1 },
    kept: { email: '["a@b.it","c@d.it"]' },
  },
  {
    of: 'half of an emoji',
    files: {
      'a.json': '{"id": "o1", "name": "a", "description": "b",\n"legal_status": "x\\ud83d", "ke\\u0000y": "y"}',
    },
    told: [`a.json:2 ke\u0000y "y": ${unstorable}`, `a.json:2 legal_status "x\\ud83d": ${unstorable}`],
    rest: { organization: 1 },
    kept: { legal_status: 'x\uFFFD', 'ke\uFFFDy': 'y' },
  },
  {
    of: 'two places that say different things of a record',
    files: {
      'a.json': json({
        ...organization,
        phones: [{ id: 'p1', number: '0173 1' }],
        contacts: [{ id: 'c1', phones: [{ id: 'p1', number: '0173 2' }] }],
      }),
    },
    told: [
      `a.json:17 /contacts/0/phones/0 number "0173 2": contradicts what the source says of the same phone elsewhere (${elsewhere})`,
    ],
    rest: { organization: 1, contact: 1, phone: 1 },
    kept: { number: '0173 2' },
  },
  {
    of: 'two files that say different things of a record, in a column that HSDS does not know',
    files: {
      'a.json': JSON.stringify({ ...organization, colour: 'red' }),
      'b.json': JSON.stringify({ ...organization, colour: 'blue' }),
    },
    told: [
      `b.json:1 colour "blue": contradicts what the source says of the same organization elsewhere (${elsewhere})`,
    ],
    rest: { organization: 1 },
    kept: { colour: 'red' },
  },
  {
    of: 'a record that two others hold as theirs',
    files: {
      'a.json': json([
        { ...organization, phones: [{ id: 'p1', number: '0173 1' }] },
        { ...organization, id: 'o2', phones: [{ id: 'p1', number: '0173 1' }] },
      ]),
    },
    told: [
      `a.json:18 /1/phones/0 organization_id "o2": contradicts what the source says of the same phone elsewhere (${elsewhere})`,
    ],
    rest: { organization: 2, phone: 1 },
    kept: { organization_id: 'o2' },
  },
  {
    of: 'a record that says it belongs to another than the one that holds it',
    files: {
      'a.json': json([
        { ...organization, phones: [{ id: 'p1', number: '1', organization_id: 'o2' }] },
        { ...organization, id: 'o2' },
      ]),
    },
    told: [`a.json:10 /0/phones/0 organization_id "o2": contradicts what is nested in what (${bothPlaces})`],
    rest: { organization: 2, phone: 1 },
    kept: { organization_id: 'o2' },
  },
  {
    of: 'a record that refers to another than the one that it holds',
    files: {
      'a.json': json([
        { ...service, organization_id: 'o2', organization },
        { ...organization, id: 'o2' },
      ]),
    },
    told: [`a.json:4 /0 organization_id "o2": contradicts what is nested in what (${bothPlaces})`],
    rest: { organization: 2, service: 1 },
    kept: { organization_id: 'o2' },
  },
  {
    of: 'a table in a document that HSDS does not know',
    files: { 'a.json': json({ 'organizations.csv': [organization], 'volunteers.csv': [{ id: 'v1' }] }) },
    told: ['a.json:9 volunteers.csv: is no table of HSDS (leave it out, or name it as HSDS does)'],
    rest: { organization: 1 },
  },
  {
    of: 'a row of a table in a document that repeats an identifier',
    files: { 'a.json': json({ 'organizations.csv': [organization, { ...organization, email: 'a@b.it' }] }) },
    told: [`a.json:9 /organizations.csv/1 id "o1": is the identifier of a.json /organizations.csv/0 too (${twice})`],
    rest: { organization: 1 },
  },
]

const ohana = {
  'organizations.csv': table({ id: '1', name: 'Consorzio', description: 'Servizi' }),
  'locations.csv': table({ id: '1', organization_id: '1', name: 'Sede', virtual: 'false', languages: 'Italiano' }),
  'services.csv': table({ id: '1', location_id: '1', name: 'Sportello', status: 'active', service_areas: 'Alba, Bra' }),
}
const oneEach = { organization: 1, location: 1, language: 1, service: 1, service_at_location: 1, service_area: 2 }
const dates = 'is not a date (write January 31, 2027 or 1/31/2027 or 2027-01-31)'

const olderTables: Case[] = [
  {
    of: 'a service at a location that is not there, with all that is in its row',
    files: {
      ...ohana,
      'services.csv': table(
        { id: '1', location_id: '1', name: 'Sportello', status: 'active', service_areas: 'Alba, Bra' },
        { id: '2', location_id: '973', name: 'Mensa', status: 'active', service_areas: 'Alba, Bra' },
      ),
    },
    told: ['services.csv:3 location_id "973": no such location (correct it, or import the location first or together)'],
    rest: oneEach,
  },
  {
    of: 'a service without a location',
    files: { ...ohana, 'services.csv': table({ id: '1', location_id: '', name: 'Sportello', status: 'active' }) },
    told: ['services.csv:2 location_id: is missing (HSDS requires organization_id of every service)'],
    rest: { organization: 1, location: 1, language: 1 },
  },
  {
    of: 'a row without an identifier, with all that is in it',
    files: { ...ohana, 'locations.csv': `${ohana['locations.csv']},1,Altra sede,false,"Italiano, Arabo"\r\n` },
    told: [`locations.csv:3 id: is missing (${noId})`],
    rest: oneEach,
  },
  {
    of: 'a row that repeats an identifier, with all that is in it',
    files: { ...ohana, 'locations.csv': `${ohana['locations.csv']}1,1,Altra sede,false,"Arabo, Romeno"\r\n` },
    told: [`locations.csv:3 id "1": is the identifier of locations.csv:2 too (${twice})`],
    rest: oneEach,
  },
  {
    of: 'words that make no sense where a day, a time or a yes should be',
    files: {
      ...ohana,
      'organizations.csv': table({ id: '1', name: 'Consorzio', description: 'Servizi', date_incorporated: 'long ago' }),
      'locations.csv': table(
        { id: '1', organization_id: '1', name: 'Sede', languages: 'Italiano', virtual: '' },
        { id: '2', organization_id: '1', name: 'Altra', languages: 'Arabo', virtual: 'maybe' },
      ),
      'regular_schedules.csv': table({
        id: '1',
        location_id: '1',
        weekday: 'Funday',
        opens_at: '9am',
        closes_at: 'noon',
      }),
      'holiday_schedules.csv': table({
        id: '1',
        location_id: '1',
        start_date: '2/30/2027',
        end_date: '3/1/2027',
        closed: 'true',
      }),
    },
    told: [
      `holiday_schedules.csv:2 start_date "2/30/2027": ${dates}`,
      'locations.csv:3 virtual "maybe": is not true or false (write true or false)',
      `organizations.csv:2 date_incorporated "long ago": ${dates}`,
      'regular_schedules.csv:2 weekday "Funday": is not a day of the week (write Monday, Tuesday and so on)',
      'regular_schedules.csv:2 closes_at "noon": is not a time of day (write HH:MM, with Z or an offset if not local)',
    ],
    rest: { ...oneEach, schedule: 1 },
    kept: {
      date_incorporated: 'long ago',
      weekday: 'Funday',
      closes_at: 'noon',
    },
  },
  {
    of: 'a term that is not in the taxonomy, and a taxonomy in a circle',
    files: {
      ...ohana,
      'services.csv': table({
        id: '1',
        location_id: '1',
        name: 'Sportello',
        status: 'active',
        taxonomy_ids: '101, 999, 998',
      }),
      'taxonomy.csv': table(
        { taxonomy_id: '101', name: 'Casa', parent_id: '102' },
        { taxonomy_id: '102', name: 'Affitto', parent_id: '101' },
      ),
    },
    told: [
      `services.csv:2 taxonomy_ids "999": ${noTerm}`,
      `services.csv:2 taxonomy_ids "998": ${noTerm}`,
      `taxonomy.csv:2 parent_id "102": leads in a circle back to the same taxonomy term (${circle})`,
      `taxonomy.csv:3 parent_id "101": leads in a circle back to the same taxonomy term (${circle})`,
    ],
    rest: {
      organization: 1,
      location: 1,
      language: 1,
      service: 1,
      service_at_location: 1,
      taxonomy: 1,
      taxonomy_term: 2,
      attribute: 3,
    },
  },
  {
    of: 'a table that the layout does not know, and one without a column that it needs',
    files: { ...ohana, 'volunteers.csv': 'id\n1\n', 'phones.csv': 'id,phone\n1,0173 1\n' },
    told: [
      'phones.csv:1: has no column number (add the column, as the Ohana layout names it)',
      'volunteers.csv: is no table of this layout (leave it out of the folder, or give it the name that the layout gives its table)',
    ],
    rest: oneEach,
  },
]

describe.for([
  ['HSDS 3 tables', tables],
  ['HSDS 3 documents', documents],
  ['HSDS 1 tables', olderTables],
] as const)('of %s', ([, cases]) => {
  test.for([...cases])('$of is refused, and nothing is imported', async ({ files, told }) => {
    const networkId = await makeNetwork(database)
    const before = await dumpTables(database.prisma)
    expect(await refusalLines(importSource(database, networkId, folderForTest(files)))).toEqual(told)
    expect(await dumpTables(database.prisma)).toBe(before)
  })

  test.for([...cases])(
    '$of is all that is left out when asked',
    async ({ files, told, follows = [], rest, kept = {} }) => {
      const networkId = await makeNetwork(database)
      const report = await importSource(database, networkId, folderForTest(files), { skipInvalid: true })
      expect(report.leftOut.map(describeProblem).sort()).toEqual([...told, ...follows].sort())
      expect(await countRecords(networkId)).toEqual(rest)
      for (const [label, value] of Object.entries(kept)) {
        const where = { networkId, linkType: sourceCell, label, value }
        expect(await database.prisma.attribute.count({ where }), label).toBe(1)
      }
    },
  )
})

describe('there is nothing to import', () => {
  const refusalOf = async (path: string) => refusalLines(importSource(database, await makeNetwork(database), path))
  const nothing = 'Give a .json or .jsonl file of HSDS 3 documents, or a folder of HSDS .csv files.'

  test('where nothing is', async () => {
    const path = join(folderForTest({}), 'none')
    expect(await refusalOf(path)).toEqual([`${path}: no such file or folder. Check the path.`])
  })

  test('in an empty folder, or one of other things', async () => {
    const empty = folderForTest({})
    expect(await refusalOf(empty)).toEqual([`${empty}: nothing here is HSDS. ${nothing}`])
    const other = folderForTest({ 'README.md': 'x', 'datapackage.json': '{}' })
    mkdirSync(join(other, 'tables.csv'))
    expect(await refusalOf(other)).toEqual([`${other}: nothing here is HSDS. ${nothing}`])
  })

  test('in a file of another kind', async () => {
    const path = join(folderForTest({ 'services.xlsx': 'x' }), 'services.xlsx')
    expect(await refusalOf(path)).toEqual([`${path}: nothing here is HSDS. ${nothing}`])
  })

  test('in the older layout without its tables', async () => {
    const needs = 'is not in the folder (the Ohana layout needs it; an empty table has its header)'
    expect(await refusalOf(folderForTest({ 'taxonomy.csv': 'taxonomy_id,name,parent_id\n' }))).toEqual([
      `organizations.csv: ${needs}`,
      `locations.csv: ${needs}`,
      `services.csv: ${needs}`,
    ])
  })
})

test('what was left out of a record and is put right later, is no longer kept beside it', async () => {
  const networkId = await makeNetwork(database)
  const { tables: wrong, documents: wrongToo } = {
    tables: folderForTest({ 'organizations.csv': table({ ...organization, email: 'ente@' }) }),
    documents: folderForTest({ 'a.json': JSON.stringify({ ...organization, id: 'o2', email: 'ente@' }) }),
  }
  for (const path of [wrong, wrongToo]) await importSource(database, networkId, path, { skipInvalid: true })
  const where = { networkId, linkType: sourceCell, label: 'email' }
  expect(await database.prisma.attribute.count({ where })).toBe(2)
  const right = folderForTest({ 'organizations.csv': table({ ...organization, email: 'ente@example.org' }) })
  const rightToo = folderForTest({ 'a.json': JSON.stringify({ ...organization, id: 'o2', email: 'ente@example.org' }) })
  for (const path of [right, rightToo]) await importSource(database, networkId, path)
  expect(await database.prisma.attribute.count({ where })).toBe(0)
  expect(await database.prisma.organization.count({ where: { networkId, email: 'ente@example.org' } })).toBe(2)
})

test('a circle that only the database and the source together make is refused', async () => {
  const networkId = await makeNetwork(database)
  const terms = (...rows: Row[]) =>
    folderForTest({ 'taxonomy_terms.csv': table(...rows.map((row) => ({ ...term, ...row }))) })
  await importSource(database, networkId, terms({ id: 't1', parent_id: '' }, { id: 't2', parent_id: 't1' }))
  expect(await refusalLines(importSource(database, networkId, terms({ id: 't1', parent_id: 't2' })))).toEqual([
    `taxonomy_terms.csv:2 parent_id "t2": leads in a circle back to the same taxonomy term (${circle})`,
  ])
})

test('a reference to what was imported before leads there', async () => {
  const networkId = await makeNetwork(database)
  await importSource(database, networkId, folderForTest({ 'organizations.csv': organizations }))
  await importSource(database, networkId, folderForTest({ 'services.csv': services }))
  const found = await database.prisma.service.findFirst({ where: { networkId }, include: { organization: true } })
  expect(found).toMatchObject({ name: 'Sportello', organization: { name: 'Consorzio' } })
})

test('a reference to what another network has leads nowhere', async () => {
  await importSource(database, await makeNetwork(database), folderForTest({ 'organizations.csv': organizations }))
  const lines = await refusalLines(
    importSource(database, await makeNetwork(database), folderForTest({ 'services.csv': services })),
  )
  expect(lines).toEqual([`services.csv:2 organization_id "o1": ${noOrganization}`])
})

test('a description of two megabytes is taken', async () => {
  const networkId = await makeNetwork(database)
  const description = 'Un testo lungo. '.repeat(131_072)
  const folder = folderForTest({ 'organizations.csv': table({ ...organization, description }) })
  await importSource(database, networkId, folder)
  const found = await database.prisma.organization.findFirstOrThrow({ where: { networkId } })
  expect(found.description === description).toBe(true)
})

test('ten thousand defects are all told', async () => {
  const networkId = await makeNetwork(database)
  const rows = Array.from({ length: 5000 }, (_, row) => ({
    id: `p${row}`,
    number: '1',
    extension: 'x',
    service_id: 's9',
  }))
  const folder = folderForTest({ 'phones.csv': table(...rows) })
  expect(await refusalLines(importSource(database, networkId, folder))).toHaveLength(10_000)
  const report = await importSource(database, networkId, folder, { skipInvalid: true })
  expect(report.leftOut).toHaveLength(10_000)
  expect(report.changes).toMatchObject({ phone: { created: 5000 }, attribute: { created: 15_000 } })
})

async function countRecords(networkId: string): Promise<Record<string, number>> {
  const counts = await countRows(database.prisma, networkId)
  const cells = await database.prisma.attribute.count({ where: { networkId, linkType: sourceCell } })
  const attributes = (counts.attribute ?? 0) - cells
  const { attribute: _, ...others } = counts
  return attributes === 0 ? others : { ...others, attribute: attributes }
}
