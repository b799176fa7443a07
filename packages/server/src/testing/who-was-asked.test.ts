import { expect, test } from 'vitest'
import { type AskedIf, certainOf } from './who-was-asked.ts'

const gave = (measure: string, ...answers: number[]) => ({ measure, answers })

test('of several conditions each is certain, or of several choices one', () => {
  const [home, work] = [gave('home', 0, 1), gave('work', 3)]
  expect(certainOf({ all: [home, work] }, [])).toEqual([[home], [work]])
  expect(certainOf({ any: [home, work] }, [])).toEqual([[home, work]])
})

test('conditions on one question are as narrow as all of them', () => {
  expect(certainOf({ all: [gave('home', 0, 1), gave('home', 1, 2)] }, [])).toEqual([[gave('home', 1)]])
  expect(certainOf({ any: [gave('home', 0), gave('home', 2)] }, [])).toEqual([[gave('home', 0, 2)]])
})

test('a way that nobody can have taken leaves the others', () => {
  const contradiction = { all: [gave('home', 0), gave('home', 1)] }
  expect(certainOf({ any: [contradiction, gave('work', 3)] }, [])).toEqual([[gave('work', 3)]])
  expect(certainOf({ all: [gave('home', 0), { any: [gave('home', 1), gave('work', 3)] }] }, [])).toEqual([
    [gave('home', 0)],
    [gave('work', 3)],
  ])
})

test('what the questions before hang on is certain too, to the first of them', () => {
  const measures: { name: string; askedIf?: AskedIf }[] = [
    { name: 'work' },
    { name: 'hours', askedIf: gave('work', 0) },
    { name: 'shifts', askedIf: gave('hours', 2) },
    { name: 'nights', askedIf: gave('work', 0) },
  ]
  expect(certainOf(gave('shifts', 1), measures)).toEqual([[gave('shifts', 1)], [gave('hours', 2)], [gave('work', 0)]])
  // Whichever of both it was: they worked.
  expect(certainOf({ any: [gave('hours', 1), gave('nights', 1)] }, measures)).toEqual([
    [gave('hours', 1), gave('nights', 1)],
    [gave('work', 0)],
  ])
})

test('nothing is certain where one way tells nothing', () => {
  expect(certainOf({ any: [gave('home', 0), { all: [] }] }, [])).toEqual([])
  expect(certainOf({ any: [] }, [])).toEqual([])
})
