import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import { firstDay, lastDay, midnightAfter, midnightBefore } from './campaign-days.ts'

const hour = 3_600_000

describe('a day in Italy is from midnight to midnight by the clocks there', () => {
  test.each([
    ['in winter', '2027-01-15', '2027-01-14T23:00:00Z', '2027-01-15T23:00:00Z', 24],
    ['in summer', '2026-07-15', '2026-07-14T22:00:00Z', '2026-07-15T22:00:00Z', 24],
    ['on the eve of the change in March', '2027-03-27', '2027-03-26T23:00:00Z', '2027-03-27T23:00:00Z', 24],
    ['when the clocks are set forward', '2027-03-28', '2027-03-27T23:00:00Z', '2027-03-28T22:00:00Z', 23],
    ['on the day after', '2027-03-29', '2027-03-28T22:00:00Z', '2027-03-29T22:00:00Z', 24],
    ['on the eve of the change in October', '2026-10-24', '2026-10-23T22:00:00Z', '2026-10-24T22:00:00Z', 24],
    ['when the clocks are set back', '2026-10-25', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z', 25],
    ['on the day after', '2026-10-26', '2026-10-25T23:00:00Z', '2026-10-26T23:00:00Z', 24],
    ['on the day that leap years have', '2028-02-29', '2028-02-28T23:00:00Z', '2028-02-29T23:00:00Z', 24],
    ['before it', '2028-02-28', '2028-02-27T23:00:00Z', '2028-02-28T23:00:00Z', 24],
    ['on the last of February of other years', '2027-02-28', '2027-02-27T23:00:00Z', '2027-02-28T23:00:00Z', 24],
    ['on the last day of a year', '2026-12-31', '2026-12-30T23:00:00Z', '2026-12-31T23:00:00Z', 24],
    ['on the first', '2027-01-01', '2026-12-31T23:00:00Z', '2027-01-01T23:00:00Z', 24],
    ['on the last day that a campaign may have', '9998-12-31', '9998-12-30T23:00:00Z', '9998-12-31T23:00:00Z', 24],
  ])('%s, %s', (_when, day, before, after, hours) => {
    const [begins, ends] = [midnightBefore(new Date(day)), midnightAfter(new Date(day))]
    expect([begins, ends]).toEqual([new Date(before), new Date(after)])
    expect((ends.getTime() - begins.getTime()) / hour).toBe(hours)
    expect([firstDay(begins), lastDay(ends)]).toEqual([new Date(day), new Date(day)])
  })

  test('on every day of fifty years, as Temporal has it', () => {
    const end = Temporal.PlainDate.from('2050-01-01')
    for (let day = Temporal.PlainDate.from('2000-01-01'); !day.equals(end); day = day.add({ days: 1 })) {
      const { epochMilliseconds } = day.toZonedDateTime('Europe/Rome')
      expect(midnightBefore(new Date(`${day}`)).getTime(), `${day}`).toBe(epochMilliseconds)
    }
  })
})

describe('the days of a campaign whose moments are no midnights', () => {
  test.each([
    ['that opens in the morning', '2026-11-02T08:30:00Z', '2026-11-02'],
    ['that opens after midnight in Italy, and before it in UTC', '2026-07-14T22:30:00Z', '2026-07-15'],
    ['that opens in the last millisecond of a day', '2026-07-14T21:59:59.999Z', '2026-07-14'],
    ['that opens in the hour that comes twice', '2026-10-25T01:30:00Z', '2026-10-25'],
  ])('one %s, %s, opens on %s', (_what, moment, day) => {
    expect(firstDay(new Date(moment))).toEqual(new Date(day))
  })

  test.each([
    ['that closes in the evening', '2026-11-02T18:30:00Z', '2026-11-02'],
    ['that closes after midnight in Italy, and before it in UTC', '2026-07-14T22:30:00Z', '2026-07-15'],
    ['that closes a millisecond after midnight', '2026-07-14T22:00:00.001Z', '2026-07-15'],
    ['that closes at midnight in UTC', '2026-11-30T00:00:00Z', '2026-11-30'],
    ['that closes at midnight in Italy', '2026-11-29T23:00:00Z', '2026-11-29'],
  ])('one %s, %s, closes on %s', (_what, moment, day) => {
    expect(lastDay(new Date(moment))).toEqual(new Date(day))
  })
})
