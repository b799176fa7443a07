/** The codebook of a release: that of its questionnaire, and what stands in the files of its results. */
import type { Thresholds } from '../disclosure/thresholds.ts'
import { type Codebook, codebookOf } from '../questionnaire/codebook.ts'
import { type CountedCategory, valuesOf } from '../questionnaire/codebook-measures.ts'
import type { Questionnaire, Text } from '../questionnaire/model.ts'
import { categoriesOf } from '../questionnaire/recode.ts'
import type { Plan } from './plan.ts'
import type { ReadRelease } from './read-release.ts'
import { type Column, freeColumns } from './release-csv.ts'

/** What the files of a release mean. */
export interface ReleaseCodebook extends Codebook {
  /** The dimensions of tables, beside the organization. */
  recodes: CodebookRecode[]
  /** What stands in results.json, and in results.csv where it has a column. */
  fields: CodebookField[]
  /** How what is told was kept from telling of single people. */
  disclosureControl: Thresholds & { text: Text }
}

interface CodebookRecode {
  name: string
  label: Text
  variable: string
  /** The last is of everyone who is in no other. */
  categories: CountedCategory[]
}

interface CodebookField {
  /** The way to it in results.json; lists are left out of it. */
  path: string
  column?: Column
  type: 'character' | 'numeric'
  label: Text
  categories?: { value: string; text: Text }[]
}

/** The codebook of a release, in all languages of its questionnaire. */
export function releaseCodebookOf(read: Omit<ReadRelease, 'release'>): ReleaseCodebook {
  const { document, plan, thresholds, needAreas } = read
  const codebook = codebookOf(document)
  return {
    ...codebook,
    measures: codebook.measures.map((measure) => ({ ...measure, label: needAreas.get(measure.name) ?? measure.label })),
    recodes: plan.recodes.map((recode) => describeRecode(document, recode)),
    fields: fieldsOf(thresholds),
    disclosureControl: { ...thresholds, text: describeControl(thresholds) },
  }
}

function describeRecode(document: Questionnaire, recode: Plan['recodes'][number]): CodebookRecode {
  const { name, text: label, variable } = recode
  const categories = categoriesOf(document, recode).map(({ name: value, text, when }) => ({
    value,
    text,
    of: when.is === 'in' ? valuesOf(document, when) : [],
  }))
  return { name, label, variable, categories }
}

function fieldsOf({ base }: Thresholds): CodebookField[] {
  const field = (path: string, type: CodebookField['type'], en: string, it: string, column?: Column): CodebookField => {
    if (column === undefined) return { path, type, label: { en, it } }
    const [apostrophe, apostrofo] = freeColumns.includes(column)
      ? [
          '; in results.csv after an apostrophe where it begins like a formula, with = + - @, a tab or a new line, and is no number',
          '; in results.csv dopo un apostrofo se comincia come una formula, con = + - @, una tabulazione o un a capo, e non è un numero',
        ]
      : ['', '']
    return { path, column, type, label: { en: en + apostrophe, it: it + apostrofo } }
  }
  const group = 'tables.groups'
  const shown = `${group}.distribution.value`
  const [nearest, vicino] = [`to the nearest ${base}`, `arrotondato al multiplo di ${base} più vicino`]
  return [
    field('campaign', 'character', 'Name of the campaign', 'Nome della campagna'),
    field('demonstration', 'character', 'Whether it is made up: true or false', 'Se è inventata: true o false'),
    field('releasedOn', 'character', 'Day of the release, YYYY-MM-DD', 'Giorno della pubblicazione, AAAA-MM-GG'),
    field('hash', 'character', 'SHA-256 of the release', 'SHA-256 della pubblicazione'),
    field('language', 'character', 'Language of the texts (BCP 47)', 'Lingua dei testi (BCP 47)'),
    field(
      'organization',
      'character',
      'Organization whose people are counted; none where everybody is',
      'Organizzazione le cui persone sono contate; vuoto se sono contate tutte',
      'organization',
    ),
    field('tables.position', 'numeric', 'Place of the measure, from 1', 'Posizione della misura, da 1'),
    field('tables.measure', 'character', 'Name of the measure', 'Nome della misura', 'measure'),
    field(
      'tables.needArea',
      'character',
      'Code of the need area; none where the measure is a question',
      "Codice dell'area di bisogno; vuoto se la misura è una domanda",
    ),
    field('tables.text', 'character', 'Words of the measure', 'Testo della misura', 'text'),
    field(
      `${group}.dimensions`,
      'character',
      'Group: recode=category, one after the other; none for all',
      'Gruppo: ricodifica=categoria, una dopo l’altra; vuoto per tutti',
      'group',
    ),
    field(`${group}.text`, 'character', 'The group in words; none for all', 'Il gruppo in parole; vuoto per tutti'),
    field(
      `${group}.population`,
      'numeric',
      'How many people belong to the group, whether they answered or not; none where that is not known',
      'Quante persone fanno parte del gruppo, che abbiano risposto o no; vuoto se non si sa',
      'population',
    ),
    {
      ...field(`${group}.distribution.suppressed`, 'character', 'Whether it is not shown', 'Se non è pubblicato'),
      column: 'suppressed',
      categories: [
        {
          value: 'true',
          text: { en: 'not shown, so that all that follows is empty', it: 'non pubblicato: quel che segue è vuoto' },
        },
        { value: 'false', text: { en: 'shown', it: 'pubblicato' } },
      ],
    },
    field(
      `${shown}.n`,
      'numeric',
      `How many gave a valid answer, ${nearest}; rounded for itself, so that counts add up to it only nearly`,
      `Quanti hanno dato una risposta valida, ${vicino}; per sé, sicché la somma dei conteggi vi si avvicina soltanto`,
      'respondents',
    ),
    field(
      'tables.answers.name',
      'character',
      'Answer, as a category of its measure',
      'Risposta, una categoria della misura',
      'answer',
    ),
    field('tables.answers.text', 'character', 'Words of the answer', 'Testo della risposta', 'answer_text'),
    field(`${shown}.counts`, 'numeric', `How many gave it, ${nearest}`, `Quanti l’hanno data, ${vicino}`, 'count'),
    field(
      `${shown}.percents`,
      'numeric',
      'Per cent of the sum of the counts shown, to a tenth; none where all are 0',
      'Percentuale della somma dei conteggi pubblicati, al decimo; vuoto se sono tutti 0',
      'percent',
    ),
    field(
      'themes.needArea',
      'character',
      'Code of a need area that is a critical theme',
      'Codice di un’area di bisogno che è un tema critico',
    ),
    field('themes.text', 'character', 'Words of the need area', 'Testo dell’area di bisogno'),
    field(
      'themes.respondents',
      'numeric',
      'How many gave a valid answer: the sum of the counts that are shown',
      'Quanti hanno dato una risposta valida: la somma dei conteggi pubblicati',
    ),
    field('themes.critical', 'numeric', `For how many it is critical, ${nearest}`, `Per quanti è critico, ${vicino}`),
    field('themes.percent', 'numeric', 'The same in per cent, to a tenth', 'Lo stesso in percentuale, al decimo'),
    field(
      'themes.responseRate',
      'numeric',
      'Share of the people who answered, from 0 to 1; none where nobody knows how many there are',
      'Quota delle persone che hanno risposto, da 0 a 1; vuoto se non si sa quante sono',
    ),
    field(
      'themes.low',
      'numeric',
      'Low end of the 95 % Wilson interval, from 0 to 1',
      'Estremo inferiore dell’intervallo di Wilson al 95 %, da 0 a 1',
    ),
    field('themes.high', 'numeric', 'High end of the same', 'Estremo superiore dello stesso'),
  ]
}

function describeControl(thresholds: Thresholds): Text {
  const { least, leastOfHealth, dominance, dominanceOfCensus, shareOfRest, base } = thresholds
  return {
    en:
      `Not shown is what fewer than ${least} people answered (${leastOfHealth} about health), what ${dominance} % or more ` +
      `answered alike (${dominanceOfCensus} % where nearly everyone answered), totals of which one organization is more than ` +
      `${shareOfRest} % of what is left without another, and whatever would tell of these. Counts are rounded to the nearest ${base}.`,
    it:
      `Non è pubblicato ciò a cui hanno risposto in meno di ${least} (${leastOfHealth} se riguarda la salute), ciò a cui il ` +
      `${dominance} % o più ha risposto allo stesso modo (${dominanceOfCensus} % se hanno risposto quasi tutti), i totali di cui ` +
      `un’organizzazione è più del ${shareOfRest} % di quel che resta senza un’altra, e ciò che li rivelerebbe. I conteggi sono ` +
      `arrotondati al multiplo di ${base} più vicino.`,
  }
}
