/**
 * The chart of critical themes: a bar each, with the interval of its share, and the half that makes it critical. Need areas
 * that are not published follow, hatched: they may be critical as well.
 */
import { type ToldRelease, type ToldTheme, untoldNeedAreas } from '../read-release.ts'
import { ownLanguageOf } from './own-words.ts'
import { chartId, colours, hatchedBar, labelAt, linesAt, numberIn, round, svgDocument, textAt } from './svg.ts'
import { wrapLabels, wrapText } from './wrap-text.ts'

const margin = 24
const left = 260
const right = 60
const width = 900
const full = width - left - right
const barHeight = 26
const step = 60

export function themesChart(release: ToldRelease): string {
  const { themes, language } = release
  const { own, tag } = ownLanguageOf(language)
  const words = own === 'it' ? it : en
  const write = (value: number) => numberIn(language, value)
  const id = chartId(release, 'themes')
  const { suppressed, noneCritical, noneMeasured } = untoldNeedAreas(release)
  const none = [
    ...(noneCritical === null ? [] : [words.noneCritical[noneCritical]]),
    ...(noneMeasured && themes.length === 0 ? [words.noneMeasured] : []),
  ]
  const of = release.organization ?? words.everybody
  const room = width - 2 * margin
  const title = wrapText(words.title(release.campaign), { width: room, size: 20, weight: 700, most: 3 })
  const explained = `${words.explained}${release.demonstration ? ` · ${words.invented}` : ''}`
  const about = wrapText(of, { width: room, most: 2 })
  const x = (share: number) => left + share * full
  const aboutTop = 36 + title.length * 24
  const top = aboutTop + (about.length + 1) * 20 + 24
  const height = top + (none.length + themes.length + suppressed.length) * step + 52
  const bottom = height - 44
  const labels = wrapLabels(
    [...themes, ...suppressed].map(({ text }) => text),
    { width: left - 12 - margin, most: 3 },
  )
  const label = (index: number, y: number) => labelAt(left - 12, y + barHeight / 2, labels[index]!)
  const quiet = { fill: colours.quiet, language: tag }
  const rows = themes.map((theme, index) => {
    const y = top + index * step
    const middle = y + barHeight / 2
    const share = theme.percent / 100
    return [
      ...label(index, y),
      `<rect x="${left}" y="${y}" width="${round(x(share) - left)}" height="${barHeight}" fill="${colours.critical}"/>`,
      interval(x(theme.low), x(theme.high), middle),
      textAt(left + 8, middle + 5, `${write(theme.percent)} %`, { fill: colours.paper, weight: 700 }),
      textAt(left, y + barHeight + 16, words.of(theme, write), { ...quiet, size: 12, isOverLines: true }),
    ].join('\n')
  })
  const hatched = suppressed.map((_, index) => {
    const y = top + (none.length + themes.length + index) * step
    const bar = hatchedBar({ id, x: left, y, width: full, height: barHeight }, words.hidden, tag)
    return [...label(themes.length + index, y), bar].join('\n')
  })
  const body = [
    ...linesAt(margin, 36, title, 24, { size: 20, weight: 700, language: tag }),
    ...linesAt(margin, aboutTop, about, 20, release.organization === null ? quiet : { fill: colours.quiet }),
    textAt(margin, aboutTop + about.length * 20, explained, quiet),
    ...[0, 0.25, 0.5, 0.75, 1].flatMap((share) => [
      `<line x1="${round(x(share))}" y1="${top - 12}" x2="${round(x(share))}" y2="${bottom}" stroke="${share === 0.5 ? colours.ink : colours.line}" stroke-width="${share === 0.5 ? 1.5 : 0.5}"${share === 0.5 ? ' stroke-dasharray="6 4"' : ''}/>`,
      textAt(x(share), bottom + 18, `${share * 100} %`, { anchor: 'middle', fill: colours.quiet, size: 12 }),
    ]),
    ...rows,
    ...none.flatMap((text) => {
      const lines = wrapText(text, { width: width - left - 12 - margin, most: 3 })
      return linesAt(left + 12, top + 12, lines, 18, { isOverLines: true, language: tag })
    }),
    ...hatched,
  ].join('\n')
  const said = [
    of,
    ...none,
    ...themes.map((theme) => `${theme.text}: ${write(theme.percent)} %, ${words.of(theme, write)}`),
    ...suppressed.map(({ text }) => `${text}: ${words.hidden}`),
  ]
  return svgDocument({
    ...{ id, width, height, title: words.title(release.campaign), description: `${said.join('. ')}.` },
    ...{ language, languageOfWords: tag, body },
  })
}

function interval(low: number, high: number, y: number): string {
  const ends = [low, high].map((x) => `M${round(x)} ${y - 6}V${y + 6}`).join('')
  return `<path d="M${round(low)} ${y}H${round(high)}${ends}" stroke="${colours.paper}" stroke-width="5" fill="none"/><path d="M${round(low)} ${y}H${round(high)}${ends}" stroke="${colours.ink}" stroke-width="2" fill="none"/>`
}

const inPercent = (share: number) => Math.round(share * 1000) / 10

const it = {
  title: (campaign: string) => `Temi critici: ${campaign}`,
  everybody: 'Tutte le persone',
  explained: 'critico per più della metà di chi ha risposto, con l’intervallo al 95 %',
  invented: 'dati inventati',
  noneCritical: {
    ofAll: 'Secondo i numeri pubblicati, arrotondati, nessun bisogno è critico per più della metà di chi ha risposto',
    ofPublished:
      'Secondo i numeri pubblicati, arrotondati, nessuno dei bisogni pubblicati è critico per più della metà di chi ha risposto',
  },
  noneMeasured: 'Il questionario non misura nessun’area di bisogno',
  hidden: 'non pubblicato',
  of: ({ critical, respondents, low, high, responseRate }: ToldTheme, write: (value: number) => string) =>
    `${critical} su ${respondents}; tra ${write(inPercent(low))} e ${write(inPercent(high))} %` +
    (responseRate === null ? '' : `; ha risposto il ${write(inPercent(responseRate))} %`),
}

const en: typeof it = {
  title: (campaign) => `Critical themes: ${campaign}`,
  everybody: 'Everybody',
  explained: 'critical to more than half of those who answered, with the 95 % interval',
  invented: 'invented data',
  noneCritical: {
    ofAll: 'By the published, rounded numbers, no need is critical to more than half of those who answered',
    ofPublished:
      'By the published, rounded numbers, none of the published needs is critical to more than half of those who answered',
  },
  noneMeasured: 'The survey measures no need area',
  hidden: 'not published',
  of: ({ critical, respondents, low, high, responseRate }, write) =>
    `${critical} of ${respondents}; between ${write(inPercent(low))} and ${write(inPercent(high))} %` +
    (responseRate === null ? '' : `; ${write(inPercent(responseRate))} % answered`),
}
