/** What somebody sees in a chart, for tests: its texts, where they are and what they stand on, and its areas. */
import { XMLParser } from 'fast-xml-parser'
import { widthOf } from '../domains/survey/releasing/charts/text-width.ts'

export interface ChartText {
  text: string
  fill: string
  /** Fill of what is seen behind it. */
  behind: string
  /** Where it is said to be in another language than the chart. */
  language: string | undefined
  /** Where it is, as far as widths are known without a font. */
  box: { left: number; right: number; top: number; bottom: number }
}

export interface ChartArea {
  x: number
  y: number
  width: number
  height: number
  /** A colour; `hatched` where it is the chart's own pattern. */
  fill: string
  stroke: string | undefined
}

type Named = keyof ChartArea | '#text' | 'id' | 'xml:lang' | 'font-size' | 'font-weight' | 'text-anchor'
type Attributes = Partial<Record<Named, string>>

export function readChart(svg: string) {
  const parser = new XMLParser({
    ...{ ignoreAttributes: false, attributeNamePrefix: '', parseTagValue: false },
    isArray: (name) => name === 'rect' || name === 'text',
  })
  const { svg: chart } = parser.parse(svg) as {
    svg: Attributes & {
      title: Attributes
      desc: Attributes
      'aria-labelledby': string
      rect: Attributes[]
      text: Attributes[]
      defs: { pattern: Attributes & { rect: Attributes[] } }
    }
  }
  const { pattern } = chart.defs
  const areas = chart.rect.map(areaOf).map((area) => ({
    ...area,
    fill: area.fill === `url(#${pattern.id})` ? 'hatched' : area.fill,
  }))
  const texts = chart.text.map((text): ChartText => {
    // Letters stand on their baseline, and begin, end or have their middle at their place.
    const [x, y] = [Number(text.x), Number(text.y) - 5]
    const behind = areas.findLast((area) => isWithin(x, area.x, area.width) && isWithin(y, area.y, area.height))
    return {
      ...{ text: text['#text']!, fill: text.fill!, behind: behind!.fill, language: text['xml:lang'] },
      box: boxOf(text),
    }
  })
  const [ground, stripe] = pattern.rect.map(areaOf)
  return {
    language: chart['xml:lang']!,
    width: Number(chart.width),
    height: Number(chart.height),
    /** All names of its parts. */
    ids: [chart.title.id!, chart.desc.id!, pattern.id!],
    labelledBy: chart['aria-labelledby'].split(' '),
    title: chart.title['#text']!,
    /** Language of the title and the description, where it is another. */
    languageOfWords: [chart.title['xml:lang'], chart.desc['xml:lang']],
    description: chart.desc['#text']!,
    texts,
    paper: areas[0]!.fill,
    /** All but the paper, and what is paper under a text. */
    marks: areas.slice(1).filter(({ fill }) => fill !== areas[0]!.fill),
    hatched: { ground: ground!.fill, stripe: stripe!.fill },
  }
}

function boxOf(text: Attributes): ChartText['box'] {
  const [x, y, size, weight] = [text.x, text.y, text['font-size'], text['font-weight']].map(Number)
  const width = widthOf(text['#text']!, { size: size!, weight: weight! })
  const shares = { start: 0, middle: 0.5, end: 1 }
  const left = x! - width * shares[text['text-anchor'] as keyof typeof shares]
  return { left, right: left + width, top: y! - 0.8 * size!, bottom: y! + 0.22 * size! }
}

function areaOf({ x = '0', y = '0', width, height, fill, stroke }: Attributes): ChartArea {
  return { x: Number(x), y: Number(y), width: Number(width), height: Number(height), fill: fill!, stroke }
}

function isWithin(place: number, from: number, length: number): boolean {
  return place >= from && place <= from + length
}
