/** The chart of one table: how each group answered, as parts of a bar; groups that are not shown are hatched. */
import type { ToldRelease, ToldTable } from '../read-release.ts'
import { colours, numberIn, round, svgDocument, textAt, wrap } from './svg.ts'

const left = 220
const right = 40
const width = 900
const barHeight = 30
const step = 46

/**
 * From light to dark, so that an order is seen as one, also without colours. Each letter on it has a contrast of at least
 * 4.5 (WCAG 2.2): dark ones on the first three, white ones on the rest.
 */
const shades = ['#fde0c5', '#f8b58b', '#ee8a82', '#b8478a', '#872b6d', '#5c1a57', '#331240']
const dark = 3

export function tableChart(release: ToldRelease, table: ToldTable): string {
  const { language } = release
  const words = language === 'it' ? it : en
  const { answers, groups } = table
  const title = wrap(table.text, 78, 2)
  const legend = placeLegend(answers.map(({ text }) => text))
  const legendTop = 44 + title.length * 24
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
      return [
        ...label,
        `<rect x="${left}" y="${y}" width="${full}" height="${barHeight}" fill="url(#hatched)" stroke="${colours.hatch}"/>`,
        `<rect x="${left + full / 2 - 90}" y="${y + 5}" width="180" height="${barHeight - 10}" fill="${colours.paper}"/>`,
        textAt(left + full / 2, y + barHeight / 2 + 5, words.hidden, { anchor: 'middle', fill: colours.quiet }),
      ].join('\n')
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
        : `<rect x="${round(x)}" y="${y}" width="${round(share * full)}" height="${barHeight}" fill="${shade.fill}" stroke="${colours.paper}"/>` +
            (share * full < 52 || percent === null || percent === undefined
              ? ''
              : textAt(x + (share * full) / 2, y + barHeight / 2 + 5, `${numberIn(language, percent)} %`, {
                  anchor: 'middle',
                  fill: shade.ink,
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
    textAt(24, 34 + title.length * 24, `${release.campaign}${release.demonstration ? ` · ${words.invented}` : ''}`, {
      fill: colours.quiet,
    }),
    ...legend.places.map(({ x, y, text }, index) => {
      const { fill } = shadeOf(index, answers.length)
      return `<rect x="${x}" y="${legendTop + y + 4}" width="14" height="14" fill="${fill}" stroke="${colours.line}"/>${textAt(x + 20, legendTop + y + 16, text, { size: 13 })}`
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

function shadeOf(answer: number, answers: number): { fill: string; ink: string } {
  const place = answers <= 1 ? 0 : Math.round((answer * (shades.length - 1)) / (answers - 1))
  return { fill: shades[place]!, ink: place < dark ? colours.ink : colours.paper }
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
