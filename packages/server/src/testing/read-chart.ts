/** What somebody sees in a chart, for tests: its texts and what they stand on, and its areas. */
import { XMLParser } from 'fast-xml-parser'

export interface ChartText {
  text: string
  fill: string
  /** Fill of what is seen behind it. */
  behind: string
}

export interface ChartArea {
  x: number
  y: number
  width: number
  height: number
  fill: string
  stroke: string | undefined
}

type Attributes = Partial<Record<keyof ChartArea | '#text', string>>

export function readChart(svg: string) {
  const parser = new XMLParser({
    ...{ ignoreAttributes: false, attributeNamePrefix: '', parseTagValue: false },
    isArray: (name) => name === 'rect' || name === 'text',
  })
  const { svg: chart } = parser.parse(svg) as {
    svg: Record<'title' | 'desc', Attributes> & {
      rect: Attributes[]
      text: Attributes[]
      defs: { pattern: { rect: Attributes[] } }
    }
  }
  const areas = chart.rect.map(areaOf)
  const texts = chart.text.map((text): ChartText => {
    // Letters stand on their baseline, and begin, end or have their middle at their place.
    const [x, y] = [Number(text.x), Number(text.y) - 5]
    const behind = areas.findLast((area) => isWithin(x, area.x, area.width) && isWithin(y, area.y, area.height))
    return { text: text['#text']!, fill: text.fill!, behind: behind!.fill }
  })
  const [ground, stripe] = chart.defs.pattern.rect.map(areaOf)
  return {
    title: chart.title['#text']!,
    description: chart.desc['#text']!,
    texts,
    paper: areas[0]!.fill,
    /** All but the paper, and what is paper under a text. */
    marks: areas.slice(1).filter(({ fill }) => fill !== areas[0]!.fill),
    hatched: { ground: ground!.fill, stripe: stripe!.fill },
  }
}

function areaOf({ x = '0', y = '0', width, height, fill, stroke }: Attributes): ChartArea {
  return { x: Number(x), y: Number(y), width: Number(width), height: Number(height), fill: fill!, stroke }
}

function isWithin(place: number, from: number, length: number): boolean {
  return place >= from && place <= from + length
}
