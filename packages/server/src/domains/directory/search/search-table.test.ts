/** What people type, and what must come first. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../../database/connect.ts'
import { openTestDatabase } from '../../../testing/test-database.ts'
import { readWords } from './read-words.ts'
import { searchServices } from './search-services.ts'

/** What is typed, and what must come first; any of several where they answer as well. */
const searches: Record<string, [typed: string, ...first: string[]][]> = {
  'Italian words': [
    ['caregiver', 'Sportello caregiver e assistenti familiari'],
    ['nido', 'Nido Il Girotondo'],
    ['pasti a domicilio', 'Pasti a domicilio'],
    ['centro estivo', 'Estate tra le vigne'],
    ['gioco d’azzardo', 'Famiglie in gioco'],
    ['smettere di fumare', 'Libero dal fumo'],
    ['sfratto', 'Sportello casa'],
    ['allattamento', 'Accompagnamento alla nascita'],
    ['amministrazione di sostegno', 'Sportello tutele'],
    ['Alzheimer', 'Centro diurno Le Querce'],
    ['curriculum', 'Sportello lavoro', 'Officina dei giovani'],
    ['congedo parentale', 'Sportello conciliazione e congedi'],
    ['sovraindebitamento', 'Fuori dai debiti'],
    ['violenza sulle donne', 'Filo chiaro, spazio antiviolenza'],
    ['bolletta', 'Bollette chiare'],
    ['dipendenze', 'Servizio per le dipendenze'],
    ['assistenza a casa', 'Assistenza domiciliare'],
    ['trasporto visite mediche', 'Ti porto io'],
    ['orto', 'Orto condiviso delle rocche'],
    ['corso di italiano', 'Italiano per abitare qui'],
    ['baby-sitter', 'Tata a chiamata per chi fa i turni'],
    ['avvocato', 'Primo parere legale'],
    ['ansia', 'Respiro: gruppi contro ansia e stress'],
    ['“vita indipendente”', 'Sportello vita indipendente'],
    ['"malattie rare"', 'Sportello malattie rare'],
  ],
  'other forms of a word': [
    ['malattia rara', 'Sportello malattie rare'],
    ['prestito', 'Piccoli prestiti di comunità'],
    ['nidi', 'Nido Il Girotondo'],
    ['infermieri', 'Infermiere di comunità'],
    ['debito', 'Fuori dai debiti'],
    ['camminare in gruppo', 'Gruppi di cammino'],
    ['pasto domicilio', 'Pasti a domicilio'],
    ['mediatrice culturale', 'Mediazione interculturale'],
    ['affitti', 'Affitto garantito'],
    ['volontario', 'Bottega del volontariato'],
    ['ascoltare psicologo', 'Primo ascolto psicologico'],
    ['anziana sola', 'Il Melograno, abitare insieme'],
  ],
  'accents and case': [
    ['caffe della memoria', 'Caffè della memoria'],
    ['CAFFÈ DI PAESE', 'Caffè di paese'],
    ['identita digitale', 'Identità digitale allo sportello'],
    ['comunita dispensa', 'Dispensa di comunità'],
    ['difficolta di apprendimento', 'Valutazione delle difficoltà di apprendimento'],
    ["sportello d'ascolto", "Sportello d'ascolto a scuola"],
  ],
  'mistyped words': [
    ['psicolgo', 'Primo ascolto psicologico'],
    ['caregver', 'Sportello caregiver e assistenti familiari'],
    ['infermeire', 'Infermiere di comunità'],
    ['girotonto', 'Nido Il Girotondo'],
    ['dipendeze', 'Servizio per le dipendenze'],
    ['facilitazzione digitale', 'Facilitazione digitale'],
    ['conciliasione', 'Sportello conciliazione e congedi'],
    ['antiviolensa', 'Filo chiaro, spazio antiviolenza'],
    ['azardo', 'Famiglie in gioco'],
    ['alzaimer', 'Centro diurno Le Querce'],
    ['melogrno', 'Il Melograno, abitare insieme'],
    ['pati a domiclio', 'Pasti a domicilio'],
  ],
  'English words': [
    ['parenting', 'Genitori in cerchio', 'Accompagnamento alla nascita'],
    ['rare diseases', 'Sportello malattie rare'],
    ['volunteering', 'Bottega del volontariato'],
    ['digital skills', 'Facilitazione digitale'],
    ['food aid', 'Spesa sospesa', 'Emporio del Roero', 'Dispensa di comunità', 'Pasti a domicilio'],
    ['early childhood', 'Nido Il Girotondo', 'Micronido di collina', 'Tata a chiamata per chi fa i turni'],
    ['household budgets', 'Conti di casa', 'Bollette chiare'],
    ['addiction', 'Servizio per le dipendenze', 'Famiglie in gioco', 'Libero dal fumo'],
  ],
  'a municipality in the text': [
    ['punto welfare alba', 'Punto Welfare di Alba'],
    ['punto welfare bra', 'Punto Welfare di Bra'],
    ['nido bra', 'Nido Il Girotondo'],
    ['pasti alba', 'Pasti a domicilio'],
    ['casa popolare alba', 'Sportello casa'],
    ['aiuto alimentare canale', 'Emporio del Roero'],
    ['facilitazione digitale sanfre', 'Facilitazione digitale'],
    ['infermiere cossano belbo', 'Infermiere di comunità'],
    ['pratiche Bra', 'Sportello pratiche sociali'],
    ['psicologo a Bra', 'Primo ascolto psicologico'],
  ],
}

let database: Database
let networkId: string
beforeAll(async () => {
  database = await openTestDatabase('demonstration')
  networkId = (await database.prisma.network.findUniqueOrThrow({ where: { slug: 'alba-bra' } })).id
})
afterAll(() => database.close())

async function rank(typed: string, wanted: string[]): Promise<{ rank: number; first: string | undefined }> {
  const words = await readWords(database.prisma, networkId, typed)
  const { positions } = await searchServices(database.prisma, networkId, { words }, { size: 100, backward: false })
  const names = positions.map((position) => position.name)
  return { rank: names.findIndex((name) => wanted.includes(name)) + 1, first: names[0] }
}

test('what must come first comes first', async () => {
  const ranks: number[] = []
  const missed: string[] = []
  for (const [kind, rows] of Object.entries(searches)) {
    const reciprocal: number[] = []
    for (const [typed, ...wanted] of rows) {
      const found = await rank(typed, wanted)
      reciprocal.push(found.rank === 0 ? 0 : 1 / found.rank)
      if (found.rank !== 1) missed.push(`${typed}: ${wanted[0]} is at ${found.rank}, first is ${found.first}`)
    }
    ranks.push(...reciprocal)
    console.info(`${kind}: ${rows.length} searches, mean reciprocal rank ${mean(reciprocal).toFixed(3)}`)
  }
  console.info(`all: ${ranks.length} searches, mean reciprocal rank ${mean(ranks).toFixed(3)}`)
  expect(ranks.length).toBeGreaterThanOrEqual(60)
  // The words stand in both descriptions alike; what a service is for, words do not say.
  expect(missed).toEqual([
    'baby-sitter: Tata a chiamata per chi fa i turni is at 2, first is La Tana, spazio gioco per bambini e adulti',
    'anziana sola: Il Melograno, abitare insieme is at 3, first is Sportello tutele',
  ])
})

function mean(numbers: number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length
}
