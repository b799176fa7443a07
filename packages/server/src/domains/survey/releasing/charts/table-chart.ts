/** The chart of one table: how each group answered, as parts of a bar; groups that are not shown are hatched. */
import type { ToldRelease, ToldTable } from '../read-release.ts'
import { colourBetween, contrastOf } from './colour.ts'
import { colours, hatchedBar, numberIn, round, svgDocument, textAt, wrap } from './svg.ts'

const left = 220
const right = 40
const width = 900
const barHeight = 30
const step = 54

/** From light to dark, so that an order is seen as one, also without colours; between two of them there is room for forty more. */
const shades = ['#fde0c5', '#f8b58b', '#ee8a82', '#b8478a', '#872b6d', '#5c1a57', '#331240']
/** Around each part, as light shades are hardly seen on paper; and a gap on either side, as dark ones are not seen beside each other. */
const outline = colours.quiet
const gap = 1.5

export function tableChart(release: ToldRelease, table: ToldTable): string {
  const { language } = release
  const words = language === 'it' ? it : en
  const { answers, groups } = table
  const title = wrap(table.text, 78, 2)
  const legend = placeLegend(answers.map(({ text }) => text))
  const about = wrap(`${release.campaign}${release.demonstration ? ` · ${words.invented}` : ''}`, 118)
  const aboutTop = 34 + title.length * 24
  const legendTop = aboutTop + about.length * 20 - 10
  const top = legendTop + legend.height + 28
  const height = top + groups.length * step + 24
  const full = width - left - right
  const rows = groups.map(({ text, distribution }, index) => {
    const y = top + index * step
    const lines = wrap(text ?? release.organization ?? words.everybody, 28)
    const label = lines.map((line, place) =>
      textAt(left - 12, y + barHeight / 2 + 5 + (place - (lines.length - 1) / 2) * 16, line, { anchor: 'end' }),
    )
    if ('suppressed' in distribution) {
      return [...label, hatchedBar(left, y, full, barHeight, words.hidden)].join('\n')
    }
    const { n, counts } = distribution.value
    const sum = counts.reduce((sum, count) => sum + count, 0)
    let from = 0
    const parts = counts.map((count, answer) => {
      const share = sum === 0 ? 0 : count / sum
      const x = left + from * full
      from += share
      const shade = shadeOf(answer, answers.length)
      const percent = distribution.value.percents[answer]
      return share === 0
        ? ''
        : `<rect x="${round(x + gap)}" y="${y}" width="${round(Math.max(1, share * full - 2 * gap))}" height="${barHeight}" fill="${shade.fill}" stroke="${outline}"/>` +
            (share * full < 52 || percent === null || percent === undefined
              ? ''
              : textAt(x + (share * full) / 2, y + barHeight / 2 + 5, `${numberIn(language, percent)} %`, {
                  anchor: 'middle',
                  fill: shade.letters,
                }))
    })
    return [
      ...label,
      ...parts,
      textAt(left, y + barHeight + 12, words.respondents(n), { fill: colours.quiet, size: 11 }),
    ]
      .filter((part) => part !== '')
      .join('\n')
  })
  const body = [
    ...title.map((line, index) => textAt(24, 36 + index * 24, line, { size: 18, weight: 700 })),
    ...about.map((line, index) => textAt(24, aboutTop + index * 20, line, { fill: colours.quiet })),
    ...legend.places.map(({ x, y, text }, index) => {
      const { fill } = shadeOf(index, answers.length)
      return `<rect x="${x}" y="${legendTop + y + 4}" width="14" height="14" fill="${fill}" stroke="${outline}"/>${textAt(x + 20, legendTop + y + 16, text, { size: 13 })}`
    }),
    ...rows,
  ].join('\n')
  const description = groups
    .map(({ text, distribution }) => {
      const of = text ?? release.organization ?? words.everybody
      if ('suppressed' in distribution) return `${of}: ${words.hidden}`
      const { n, percents } = distribution.value
      const said = answers.map(({ text }, index) => `${text} ${numberIn(language, percents[index] ?? 0)} %`)
      return `${of}, ${words.respondents(n)}: ${said.join(', ')}`
    })
    .join('. ')
  return svgDocument({ width, height, title: table.text, description: `${description}.`, language, body })
}

/** Shades as far from each other as so many can be, and for letters black or white: one of them has 4.5 on any colour. */
function shadeOf(answer: number, answers: number): { fill: string; letters: string } {
  const place = answers <= 1 ? 0 : (answer * (shades.length - 1)) / (answers - 1)
  const before = Math.min(Math.floor(place), shades.length - 2)
  const fill = colourBetween(shades[before]!, shades[before + 1]!, place - before)
  const [letters] = ['#000000', colours.paper].sort((a, b) => contrastOf(b, fill) - contrastOf(a, fill))
  return { fill, letters: letters! }
}

// Letters are about seven units wide, at this size.
function placeLegend(texts: readonly string[]): { places: { x: number; y: number; text: string }[]; height: number } {
  let x = 24
  let y = 0
  const places = texts.map((text) => {
    const [line] = wrap(text, 110, 1) as [string]
    const needed = 20 + line.length * 7 + 24
    if (x > 24 && x + needed > width - 24) {
      x = 24
      y += 22
    }
    const place = { x, y, text: line }
    x += needed
    return place
  })
  return { places, height: y + 22 }
}

const it = {
  everybody: 'Tutte le persone',
  hidden: 'non pubblicato',
  invented: 'dati inventati',
  respondents: (n: number) => `${n} risposte`,
}

const en: typeof it = {
  everybody: 'Everybody',
  hidden: 'not published',
  invented: 'invented data',
  respondents: (n) => `${n} answers`,
}
