/**
 * The chart of one table: how each group answered, as parts of a bar, and where there are too many answers for that, as a bar
 * for each; groups that are not shown are hatched.
 */
import type { Distribution } from '../../disclosure/publish.ts'
import type { ToldRelease, ToldTable } from '../read-release.ts'
import { colourBetween, contrastOf } from './colour.ts'
import { ownLanguageOf } from './own-words.ts'
import { chartId, colours, hatchedBar, labelAt, linesAt, numberIn, round, svgDocument, textAt } from './svg.ts'
import { widthOf } from './text-width.ts'
import { wrapLabels, wrapText } from './wrap-text.ts'

const margin = 24
const left = 250
const right = 40
const width = 900
const full = width - left - right
const room = width - 2 * margin
const roomOfLabel = left - 12 - margin
const barHeight = 30
/** From one bar to the next; more where labels have three lines. */
const step = 56
/** Of more answers the shades are too near to each other to be found in the legend. */
const mostParts = 10

/** From light to dark, so that an order is seen as one, also without colours. */
const shades = ['#fde0c5', '#f8b58b', '#ee8a82', '#b8478a', '#872b6d', '#5c1a57', '#331240']
/** Around each part, as light shades are hardly seen on paper; and a gap on either side, as dark ones are not seen beside each other. */
const outline = colours.quiet
const gap = 1.5

interface Section {
  svg: string[]
  height: number
}

/** What is drawn of every group alike. */
interface Drawn {
  id: string
  answers: ToldTable['answers']
  /** A number as the language of the release writes it. */
  write: (value: number) => string
  words: typeof en
  /** Language of the words, where it is not that of the chart. */
  tag: 'en' | undefined
}

export function tableChart(release: ToldRelease, table: ToldTable): string {
  const { language } = release
  const { own, tag } = ownLanguageOf(language)
  const words = own === 'it' ? it : en
  const { answers, groups } = table
  const drawn: Drawn = {
    id: chartId(release, table.position),
    answers,
    write: (value) => numberIn(language, value),
    words,
    tag,
  }

  const title = wrapText(table.text, { width: room, size: 18, weight: 700, most: 3 })
  const about = wrapText(release.campaign, { width: room, most: 2 })
  const invented = release.demonstration ? [words.invented] : []
  const aboutTop = 36 + title.length * 24
  const legendTop = aboutTop + (about.length + invented.length) * 20 - 10
  const isOfParts = answers.length <= mostParts
  const legend = isOfParts ? drawLegend(drawn, legendTop) : { svg: [], height: 0 }

  const names = groups.map(({ text }) => text ?? release.organization ?? words.everybody)
  const rows = isOfParts ? drawBars(drawn, names, groups) : drawLists(drawn, names, groups)
  let y = legendTop + legend.height + 28
  const body = [
    ...linesAt(margin, 36, title, 24, { size: 18, weight: 700 }),
    ...linesAt(margin, aboutTop, about, 20, { fill: colours.quiet }),
    ...linesAt(margin, aboutTop + about.length * 20, invented, 20, { fill: colours.quiet, language: tag }),
    ...legend.svg,
  ]
  for (const row of rows) {
    const { svg, height } = row(y)
    body.push(...svg)
    y += height
  }
  const description = groups
    .map(({ distribution }, index) => {
      if ('suppressed' in distribution) return `${names[index]}: ${words.hidden}`
      const { n, percents } = distribution.value
      const said = answers.map(({ text }, answer) => `${text} ${drawn.write(percents[answer] ?? 0)} %`)
      return `${names[index]}, ${words.respondents(n)}: ${isNothing(distribution.value) ? words.nothing : said.join(', ')}`
    })
    .join('. ')
  return svgDocument({
    ...{ id: drawn.id, width, height: y + margin, title: table.text, description: `${description}.`, language },
    body: body.join('\n'),
  })
}

/** All counts are 0 as they are shown, so that there are no shares of them. */
function isNothing({ counts }: Distribution): boolean {
  return counts.every((count) => count === 0)
}

/** A bar for each group, with a part for each answer. */
function drawBars(drawn: Drawn, names: readonly string[], groups: ToldTable['groups']) {
  const { words, write, tag, answers } = drawn
  const labels = wrapLabels(names, { width: roomOfLabel, most: 3 })
  const height = labels.some(({ length }) => length > 2) ? step + 10 : step
  return groups.map(({ text, distribution }, index) => (y: number): Section => {
    const language = text === null && names[index] === words.everybody ? tag : undefined
    const label = labelAt(left - 12, y + barHeight / 2, labels[index]!, { language })
    if ('suppressed' in distribution) return { svg: [...label, drawHidden(drawn, y, barHeight)], height }
    const { n, counts, percents } = distribution.value
    const sum = counts.reduce((sum, count) => sum + count, 0)
    let from = 0
    const parts = counts.map((count, answer) => {
      const size = sum === 0 ? 0 : (count / sum) * full
      const x = left + from
      from += size
      const number = `${write(percents[answer] ?? 0)} %`
      const isWritten = widthOf(number) + 4 * gap <= size
      const shade = shadeOf(answer, answers.length)
      const style = { anchor: 'middle', fill: shade.letters } as const
      const svg = [
        `<rect x="${round(x + gap)}" y="${y}" width="${round(Math.max(1, size - 2 * gap))}" height="${barHeight}" fill="${shade.fill}" stroke="${outline}"/>`,
        ...(isWritten ? [textAt(x + size / 2, y + barHeight / 2 + 5, number, style)] : []),
      ]
      return { svg: size === 0 ? [] : svg, isMissed: size > 0 && !isWritten }
    })
    // By its colour alone nobody should have to tell a part: where one has no room for its number, all follow in their order.
    const numbers = percents.map((percent) => write(percent ?? 0)).join(' · ')
    const isMissed = parts.some((part) => part.isMissed)
    const caption = `${words.respondents(n)}${isMissed ? `: ${numbers} %` : ''}`
    const svg = [
      ...label,
      ...(sum === 0 ? drawNothing(drawn, y, barHeight) : parts.flatMap((part) => part.svg)),
      textAt(left, y + barHeight + 13, caption, { fill: colours.quiet, size: 11, language: tag }),
    ]
    return { svg, height }
  })
}

/** A list of bars for each group, one for each answer, with its number at its end. */
function drawLists(drawn: Drawn, names: readonly string[], groups: ToldTable['groups']) {
  const { answers, write, words, tag } = drawn
  const titles = wrapLabels(names, { width: room, weight: 700, most: 2 })
  const size = 12
  const texts = answers.map(({ text }) => text)
  const labels = wrapLabels(texts, { width: roomOfLabel, size, most: 2 })
  const height = labels.some(({ length }) => length > 1) ? 32 : 22
  // The number of all has room beside the bar.
  const longest = full - widthOf('100,0 %')
  return groups.map(({ text, distribution }, index) => (y: number): Section => {
    const title = titles[index]!
    const language = text === null && names[index] === words.everybody ? tag : undefined
    const svg = linesAt(margin, y, title, 18, { weight: 700, language })
    const top = y + title.length * 18
    if ('suppressed' in distribution)
      return { svg: [...svg, drawHidden(drawn, top, 22)], height: top - y + 22 + margin * 1.5 }
    const { n, counts, percents } = distribution.value
    svg.push(textAt(margin, top, words.respondents(n), { fill: colours.quiet, size, language: tag }))
    if (isNothing(distribution.value))
      return { svg: [...svg, ...drawNothing(drawn, top, 22)], height: top - y + 22 + margin * 1.5 }
    const bars = answers.flatMap((_, answer) => {
      const middle = top + 20 + answer * height
      const share = (percents[answer] ?? 0) / 100
      const bar = `<rect x="${left}" y="${middle - 7}" width="${round(Math.max(1, share * longest))}" height="14" fill="${shades[4]}"/>`
      return [
        ...labelAt(left - 12, middle, labels[answer]!, { size }),
        ...(counts[answer] === 0 ? [] : [bar]),
        textAt(left + share * longest + 6, middle + 4.5, `${write(percents[answer] ?? 0)} %`, { size }),
      ]
    })
    return { svg: [...svg, ...bars], height: top - y + 20 + answers.length * height + margin }
  })
}

function drawHidden({ id, words, tag }: Drawn, y: number, height: number): string {
  return hatchedBar({ id, x: left, y, width: full, height }, words.hidden, tag)
}

function drawNothing({ words, tag }: Drawn, y: number, height: number): string[] {
  return [
    `<rect x="${left}" y="${y}" width="${full}" height="${height}" fill="${colours.paper}" stroke="${colours.line}"/>`,
    textAt(left + full / 2, y + height / 2 + 5, words.nothing, {
      anchor: 'middle',
      fill: colours.quiet,
      language: tag,
    }),
  ]
}

/** Shades as far from each other as so many can be, and for letters black or white: one of them has 4.5 on any colour. */
function shadeOf(answer: number, answers: number): { fill: string; letters: string } {
  const place = answers <= 1 ? 0 : (answer * (shades.length - 1)) / (answers - 1)
  const before = Math.min(Math.floor(place), shades.length - 2)
  const fill = colourBetween(shades[before]!, shades[before + 1]!, place - before)
  const [letters] = ['#000000', colours.paper].sort((a, b) => contrastOf(b, fill) - contrastOf(a, fill))
  return { fill, letters: letters! }
}

/** What each shade means, in rows as full as they get. */
function drawLegend({ answers }: Drawn, top: number): Section {
  const [size, swatch, between, line] = [13, 14, 24, 22]
  const texts = answers.map(({ text }) => text)
  const labels = wrapLabels(texts, { width: room - swatch - 6, size, most: 1 })
  let x = margin
  let y = top
  const svg = labels.flatMap(([label = ''], index) => {
    const needed = swatch + 6 + widthOf(label, { size })
    if (x > margin && x + needed > width - margin) {
      x = margin
      y += line
    }
    const { fill } = shadeOf(index, answers.length)
    const entry = [
      `<rect x="${round(x)}" y="${y + 4}" width="${swatch}" height="${swatch}" fill="${fill}" stroke="${outline}"/>`,
      textAt(x + swatch + 6, y + 16, label, { size }),
    ]
    x += needed + between
    return entry
  })
  return { svg, height: y - top + line }
}

const it = {
  everybody: 'Tutte le persone',
  hidden: 'non pubblicato',
  nothing: 'tutti i conteggi pubblicati sono 0',
  invented: 'dati inventati',
  respondents: (n: number) => `${n} risposte`,
}

const en: typeof it = {
  everybody: 'Everybody',
  hidden: 'not published',
  nothing: 'all counts shown are 0',
  invented: 'invented data',
  respondents: (n) => `${n} answers`,
}
