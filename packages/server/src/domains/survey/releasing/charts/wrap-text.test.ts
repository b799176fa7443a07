import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { widthOf } from './text-width.ts'
import { type Room, wrapLabels, wrapText } from './wrap-text.ts'

const room: Room = { width: 200, most: 3 }
const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), fc.lorem({ maxCount: 20 }))
const joined = (labels: string[][]) => labels.map((lines) => lines.join(' '))

test('lines end between words, and after a hyphen or a stroke', () => {
  expect(wrapText('Persone che lavorano a tempo indeterminato', room)).toEqual([
    'Persone che lavorano a',
    'tempo indeterminato',
  ])
  expect(wrapText('Precariato/instabilità/discontinuità-lavorativa', room)).toEqual([
    'Precariato/instabilità/',
    'discontinuità-lavorativa',
  ])
})

test('of a text without room the end is left out, and said to be', () => {
  const lines = wrapText('una parola dopo l’altra '.repeat(20), room)
  expect(lines).toHaveLength(3)
  expect(lines[2]).toMatch(/…$/)
})

test('a word that is wider than a line is broken', () => {
  expect(wrapText('W'.repeat(30), room).join('')).toBe('W'.repeat(30))
})

test('no line of any text is wider than its room, and no text has more lines', () => {
  const property = fc.property(fc.array(anyText, { maxLength: 6 }), fc.constantFrom(1, 2, 3), (texts, most) => {
    for (const lines of wrapLabels(texts, { ...room, most })) {
      expect(lines.length).toBeLessThanOrEqual(most)
      for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(room.width)
    }
  })
  fc.assert(property)
})

test('what fits is written as it is', () => {
  const property = fc.property(fc.lorem({ maxCount: 4 }), (text) => {
    expect(wrapText(text, { width: 1_000, most: 1 })).toEqual([text])
  })
  fc.assert(property)
})

describe('labels that would be cut to the same', () => {
  const start = 'Persone che lavorano a tempo indeterminato con figli minori e genitori anziani'

  test('keep their ends', () => {
    const [young, old] = joined(wrapLabels([`${start}, 20–29 anni`, `${start}, 30–39 anni`], room))
    expect(young).toMatch(/^….*, 20–29 anni$/)
    expect(old).toMatch(/^….*, 30–39 anni$/)
  })

  test('keep what differs, where their ends are the same, too', () => {
    const labels = ['donne', 'uomini'].map((who) => `${start}, ${who}, ${start.toLowerCase()}`)
    expect(joined(wrapLabels(labels, room))).toEqual([
      expect.stringMatching(/^…donne, .*…$/),
      expect.stringMatching(/^…uomini, .*…$/),
    ])
  })

  test('are left alone by the others, and are the same where the whole texts are', () => {
    const labels = wrapLabels(['donne', start, start, `${start} e nipoti`], room)
    expect(labels[0]).toEqual(['donne'])
    expect(labels[1]).toEqual(labels[2])
    expect(labels[3]).not.toEqual(labels[1])
  })

  test('differ, whatever they share', () => {
    const word = fc.stringMatching(/^[A-Za-zW]{1,60}$/)
    const words = fc.array(word, { minLength: 20, maxLength: 30 })
    const property = fc.property(words, words, word, word, (before, after, one, other) => {
      const [first, second] = joined(
        wrapLabels(
          [one, other].map((middle) => [...before, middle, ...after].join(' ')),
          room,
        ),
      )
      expect(first === second).toBe(one === other)
    })
    fc.assert(property)
  })
})
