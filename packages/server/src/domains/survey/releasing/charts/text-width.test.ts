import { expect, test } from 'vitest'
import { widthOf } from './text-width.ts'

// Widths in DejaVu Sans and DejaVu Sans Bold at a size of 14, as their files say.
test.each([
  ['Tutte le persone', 115, 130],
  ['WWWWWWWW MMMMMMM', 200, 226],
  ['LAVORATRICI MADRI', 144, 162],
  ['illimitati', 57, 66],
  ['Conciliazione dei tempi di vita e di lavoro', 290, 327],
  ['66,7 %', 49, 53],
  ['perché «sì», più o meno…', 183, 202],
  ['Œuvre & Straße (größte)', 174, 197],
  ['Уход за детьми', 114, 127],
])('"%s" is estimated at what a wide font needs, or somewhat more', (text, plain, bold) => {
  for (const [estimate, width] of [
    [widthOf(text), plain],
    [widthOf(text, { weight: 700 }), bold],
  ] as const) {
    expect(estimate).toBeGreaterThanOrEqual(width - 1)
    expect(estimate).toBeLessThanOrEqual(width * 1.7)
  }
})

test('what is written in two characters is as wide as in one, and what is not seen has no width', () => {
  expect(widthOf('e\u0300\u200b')).toBe(widthOf('è'))
})
