/**
 * The chart of critical themes: a bar each, with the interval of its share, and the half that makes it critical. Need areas
 * that are not published follow, hatched: they may be critical as well.
 */
import { type ToldRelease, type ToldTheme, untoldNeedAreas } from '../read-release.ts'
import { colours, hatchedBar, numberIn, round, svgDocument, textAt, wrap } from './svg.ts'

const left = 260
const right = 60
const width = 900
const barHeight = 26
const step = 58

export function themesChart(release: ToldRelease): string {
  const { themes, language } = release
  const words = language === 'it' ? it : en
  const { suppressed, noneCritical } = untoldNeedAreas(release)
  const none = noneCritical === null ? [] : [words.noneCritical[noneCritical]]
  const of = release.organization ?? words.everybody
  const title = wrap(words.title(release.campaign), 72)
  const about = wrap(`${of} · ${words.explained}${release.demonstration ? ` · ${words.invented}` : ''}`, 118)
  const x = (share: number) => left + share * (width - left - right)
  const aboutTop = 36 + title.length * 24
  const top = aboutTop + about.length * 20 + 24
  const height = top + (none.length + themes.length + suppressed.length) * step + 52
  const bottom = height - 44
  const label = (text: string, y: number) => {
    const lines = wrap(text, 34)
    return lines.map((line, place) =>
      textAt(left - 12, y + barHeight / 2 + 5 + (place - (lines.length - 1) / 2) * 17, line, { anchor: 'end' }),
    )
  }
  const rows = themes.map((theme, index) => {
    const y = top + index * step
    const middle = y + barHeight / 2
    const share = theme.percent / 100
    return [
      ...label(theme.text, y),
      `<rect x="${left}" y="${y}" width="${round(x(share) - left)}" height="${barHeight}" fill="${colours.critical}"/>`,
      interval(x(theme.low), x(theme.high), middle),
      textAt(left + 8, middle + 5, `${numberIn(language, theme.percent)} %`, { fill: colours.paper, weight: 700 }),
      textAt(left, y + barHeight + 16, words.of(theme), { fill: colours.quiet, size: 12, isOverLines: true }),
    ].join('\n')
  })
  const hatched = suppressed.map(({ text }, index) => {
    const y = top + (none.length + themes.length + index) * step
    return [...label(text, y), hatchedBar(left, y, width - left - right, barHeight, words.hidden)].join('\n')
  })
  const body = [
    ...title.map((line, index) => textAt(24, 36 + index * 24, line, { size: 20, weight: 700 })),
    ...about.map((line, index) => textAt(24, aboutTop + index * 20, line, { fill: colours.quiet })),
    ...[0, 0.25, 0.5, 0.75, 1].flatMap((share) => [
      `<line x1="${round(x(share))}" y1="${top - 12}" x2="${round(x(share))}" y2="${bottom}" stroke="${share === 0.5 ? colours.ink : colours.line}" stroke-width="${share === 0.5 ? 1.5 : 0.5}"${share === 0.5 ? ' stroke-dasharray="6 4"' : ''}/>`,
      textAt(x(share), bottom + 18, `${share * 100} %`, { anchor: 'middle', fill: colours.quiet, size: 12 }),
    ]),
    ...rows,
    ...none.map((text) => textAt(left + 12, top + 18, text, { isOverLines: true })),
    ...hatched,
  ].join('\n')
  const said = [
    of,
    ...none,
    ...themes.map((theme) => `${theme.text}: ${numberIn(language, theme.percent)} %, ${words.of(theme)}`),
    ...suppressed.map(({ text }) => `${text}: ${words.hidden}`),
  ]
  const description = `${said.join('. ')}.`
  return svgDocument({ width, height, title: words.title(release.campaign), description, language, body })
}

function interval(low: number, high: number, y: number): string {
  const ends = [low, high].map((x) => `M${round(x)} ${y - 6}V${y + 6}`).join('')
  return `<path d="M${round(low)} ${y}H${round(high)}${ends}" stroke="${colours.paper}" stroke-width="5" fill="none"/><path d="M${round(low)} ${y}H${round(high)}${ends}" stroke="${colours.ink}" stroke-width="2" fill="none"/>`
}

const per = (share: number, language: string) => numberIn(language, Math.round(share * 1000) / 10)

const it = {
  title: (campaign: string) => `Temi critici: ${campaign}`,
  everybody: 'Tutte le persone',
  explained: 'critico per più della metà di chi ha risposto, con l’intervallo al 95 %',
  invented: 'dati inventati',
  noneCritical: {
    ofAll: 'Nessun bisogno è critico per più della metà di chi ha risposto',
    ofPublished: 'Nessuno dei bisogni pubblicati è critico per più della metà di chi ha risposto',
  },
  hidden: 'non pubblicato',
  of: ({ critical, respondents, low, high, responseRate }: ToldTheme) =>
    `${critical} su ${respondents}; tra ${per(low, 'it')} e ${per(high, 'it')} %` +
    (responseRate === null ? '' : `; ha risposto il ${per(responseRate, 'it')} %`),
}

const en: typeof it = {
  title: (campaign) => `Critical themes: ${campaign}`,
  everybody: 'Everybody',
  explained: 'critical to more than half of those who answered, with the 95 % interval',
  invented: 'invented data',
  noneCritical: {
    ofAll: 'No need is critical to more than half of those who answered',
    ofPublished: 'None of the published needs is critical to more than half of those who answered',
  },
  hidden: 'not published',
  of: ({ critical, respondents, low, high, responseRate }) =>
    `${critical} of ${respondents}; between ${per(low, 'en')} and ${per(high, 'en')} %` +
    (responseRate === null ? '' : `; ${per(responseRate, 'en')} % answered`),
}
