import { expect, test } from 'vitest'
import { contrastOf } from './colour.ts'
import { colours } from './svg.ts'

test.each([
  ['ink', 15.8],
  ['critical', 6.5],
  ['quiet', 6.3],
  ['hatch', 4.2],
  ['line', 3.1],
] as const)('%s has the contrast on paper that it is said to have', (name, contrast) => {
  expect(contrastOf(colours[name], colours.paper).toFixed(1)).toBe(contrast.toFixed(1))
})
