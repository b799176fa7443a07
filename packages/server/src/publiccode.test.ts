import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'

// The rules of publiccode.yml 0.5 that its official parser enforces, for the keys that this project uses.
// Source: https://yml.publiccode.tools/schema.core.html; the parser exists for Go only.
const characters = (least: number, most: number) =>
  z.string().refine((text) => {
    const count = [...new Intl.Segmenter().segment(text)].length
    return count >= least && count <= most
  }, `${least} to ${most} characters`)

const scopes = [
  'agriculture',
  'culture',
  'defence',
  'education',
  'emergency-services',
  'employment',
  'energy',
  'environment',
  'finance-and-economic-development',
  'foreign-affairs',
  'government',
  'healthcare',
  'infrastructures',
  'justice',
  'local-authorities',
  'manufacturing',
  'research',
  'science-and-technology',
  'security',
  'society',
  'sport',
  'tourism',
  'transportation',
  'welfare',
]

const publiccode = z.strictObject({
  publiccodeYmlVersion: z.literal('0.5.0'),
  name: z.string().min(1),
  url: z.url(),
  platforms: z.array(z.string()).min(1),
  categories: z.array(z.enum(['digital-citizenship', 'hr', 'knowledge-management'])).min(1),
  developmentStatus: z.enum(['concept', 'development', 'beta', 'stable', 'obsolete']),
  softwareType: z.enum(['standalone/backend', 'standalone/web', 'standalone/other', 'library', 'addon']),
  intendedAudience: z.strictObject({
    countries: z.array(z.string().regex(/^[A-Z]{2}$/)),
    scope: z.array(z.enum(scopes)),
  }),
  description: z.record(
    z.string().regex(/^[a-z]{2}$/),
    z.strictObject({
      localisedName: z.string().optional(),
      shortDescription: characters(1, 150),
      longDescription: characters(150, 10_000),
      features: z.array(characters(1, 500)).min(1),
      documentation: z.url().optional(),
    }),
  ),
  legal: z.strictObject({ license: z.literal('EUPL-1.2'), mainCopyrightOwner: z.string().optional() }),
  maintenance: z.strictObject({
    type: z.literal('community'),
    contacts: z.array(z.strictObject({ name: z.string().min(1) })).min(1),
  }),
  localisation: z.strictObject({
    localisationReady: z.boolean(),
    availableLanguages: z.array(z.string().regex(/^[a-z]{2}$/)).min(1),
  }),
  dependsOn: z
    .strictObject({
      open: z.array(
        z.strictObject({ name: z.string(), versionMin: z.string().optional(), optional: z.boolean().optional() }),
      ),
    })
    .optional(),
})

test('publiccode.yml keeps the standard, in Italian and in English', () => {
  const file = readFileSync(join(import.meta.dirname, '../../../publiccode.yml'), 'utf8')
  const told = publiccode.parse(parse(file))
  expect(Object.keys(told.description).sort()).toEqual(['en', 'it'])
})
