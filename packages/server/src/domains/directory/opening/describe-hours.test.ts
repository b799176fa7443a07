/** Opening hours as a person reads them: a table, to be read as one. */
import { expect, test } from 'vitest'
import { describeHours, type HoursException, type HoursSchedule, type LanguageCode } from './describe-hours.ts'

type Row = [
  name: string,
  schedules: Partial<HoursSchedule>[],
  exceptions: HoursException[],
  italian: string | null,
  english: string | null,
]

// Read on a Monday, 23 November 2026.
const table: Row[] = [
  [
    'mornings and afternoons',
    [w('MO,TU,WE,TH,FR', '09:00', '12:30'), w('MO,TU,WE,TH,FR', '14:00', '17:00')],
    [e('2026-12-25')],
    'Lunedì–venerdì 9:00–12:30 e 14:00–17:00; chiuso il 25 dicembre',
    'Monday–Friday 9:00–12:30 and 14:00–17:00; closed on 25 December',
  ],
  [
    'two days',
    [w('TU,WE', '09:00', '12:00')],
    [],
    'Martedì e mercoledì 9:00–12:00',
    'Tuesday and Wednesday 9:00–12:00',
  ],
  [
    'days apart',
    [w('MO,WE,FR', '08:30', '12:30')],
    [],
    'Lunedì, mercoledì e venerdì 8:30–12:30',
    'Monday, Wednesday and Friday 8:30–12:30',
  ],
  [
    'a run and a day',
    [w('MO,TU,WE,FR', '08:00', '13:00')],
    [],
    'Lunedì–mercoledì e venerdì 8:00–13:00',
    'Monday–Wednesday and Friday 8:00–13:00',
  ],
  [
    'days with other hours',
    [w('MO,TH', '09:00', '12:00'), w('TU', '14:30', '17:30'), w('SA', '09:00', '12:00')],
    [],
    'Lunedì, giovedì e sabato 9:00–12:00, martedì 14:30–17:30',
    'Monday, Thursday and Saturday 9:00–12:00, Tuesday 14:30–17:30',
  ],
  [
    'one day with one interval more',
    [w('MO,TU', '09:00', '12:00'), w('TU', '15:00', '18:00')],
    [],
    'Lunedì 9:00–12:00, martedì 9:00–12:00 e 15:00–18:00',
    'Monday 9:00–12:00, Tuesday 9:00–12:00 and 15:00–18:00',
  ],
  [
    'every day',
    [w('MO,TU,WE,TH,FR,SA,SU', '10:00', '18:00')],
    [],
    'Tutti i giorni 10:00–18:00',
    'Every day 10:00–18:00',
  ],
  [
    'day and night',
    [w('MO,TU,WE,TH,FR,SA,SU', '00:00', '00:00')],
    [],
    'Tutti i giorni 24 ore su 24',
    'Every day 24 hours a day',
  ],
  [
    'to the last minute',
    [w('SA,SU', '00:00', '23:59')],
    [],
    'Sabato e domenica 24 ore su 24',
    'Saturday and Sunday 24 hours a day',
  ],
  [
    'after midnight',
    [w('FR,SA', '20:30', '00:30')],
    [],
    'Venerdì e sabato 20:30–0:30',
    'Friday and Saturday 20:30–0:30',
  ],
  ['until midnight', [w('FR', '20:00', '00:00')], [], 'Venerdì 20:00–24:00', 'Friday 20:00–24:00'],
  [
    'the same twice',
    [w('MO', '09:00', '12:00'), w('MO', '09:00', '12:00')],
    [],
    'Lunedì 9:00–12:00',
    'Monday 9:00–12:00',
  ],
  [
    'every two weeks',
    [{ ...w('TU', '20:30', '22:00'), interval: 2, dtstart: d('2026-09-22') }],
    [],
    'Dal 22 settembre: ogni due settimane, martedì 20:30–22:00',
    'From 22 September: every two weeks, Tuesday 20:30–22:00',
  ],
  [
    'every three weeks, two days, twice a day',
    [
      { ...w('TU,TH', '09:00', '12:00'), interval: 3, dtstart: d('2027-01-12') },
      { ...w('TU,TH', '14:00', '16:00'), interval: 3, dtstart: d('2027-01-12') },
    ],
    [],
    'Dal 12 gennaio 2027: ogni tre settimane, martedì e giovedì 9:00–12:00 e 14:00–16:00',
    'From 12 January 2027: every three weeks, Tuesday and Thursday 9:00–12:00 and 14:00–16:00',
  ],
  [
    'weekly on the day of the start',
    [{ ...w(null, '09:00', '12:00'), dtstart: d('2026-01-14') }],
    [],
    'Mercoledì 9:00–12:00',
    'Wednesday 9:00–12:00',
  ],
  [
    'second Tuesday',
    [m('2TU', '09:30', '12:30')],
    [],
    'Il secondo martedì del mese 9:30–12:30',
    'The second Tuesday of the month 9:30–12:30',
  ],
  [
    'last Thursday',
    [m('-1TH', '20:45', '22:30')],
    [],
    "L'ultimo giovedì del mese 20:45–22:30",
    'The last Thursday of the month 20:45–22:30',
  ],
  [
    'first and third Saturday',
    [m('1SA,3SA', '10:00', '13:00')],
    [],
    'Il primo e il terzo sabato del mese 10:00–13:00',
    'The first and third Saturday of the month 10:00–13:00',
  ],
  [
    'first Sunday and last Monday',
    [m('1SU,-1MO', '15:00', '18:00')],
    [],
    "La prima domenica e l'ultimo lunedì del mese 15:00–18:00",
    'The first Sunday and the last Monday of the month 15:00–18:00',
  ],
  [
    'all Mondays and the first Sunday',
    [m('MO,1SU', '15:00', '18:00')],
    [],
    'Lunedì e la prima domenica del mese 15:00–18:00',
    'Monday and the first Sunday of the month 15:00–18:00',
  ],
  [
    'days of the month',
    [{ ...m(null, '14:30', '16:00'), bymonthday: '5,20' }],
    [],
    'Il 5 e il 20 del mese 14:30–16:00',
    'The 5th and the 20th of the month 14:30–16:00',
  ],
  [
    'first, eighth, eleventh and last day',
    [{ ...m(null, '09:00', '12:00'), bymonthday: '1,8,11,-1,-2' }],
    [],
    "Il 1°, l'8, l'11, il penultimo giorno e l'ultimo giorno del mese 9:00–12:00",
    'The 1st, the 8th, the 11th, the second to last day and the last day of the month 9:00–12:00',
  ],
  [
    'Friday the 13th',
    [{ ...m('FR', '23:00', '01:00'), bymonthday: '13' }],
    [],
    'Il 13 del mese, se è venerdì, 23:00–1:00',
    'The 13th of the month, if it is Friday, 23:00–1:00',
  ],
  [
    'every three months',
    [{ ...m('1WE', '14:00', '17:00'), interval: 3, dtstart: d('2026-10-07') }],
    [],
    'Dal 7 ottobre: ogni tre mesi, il primo mercoledì 14:00–17:00',
    'From 7 October: every three months, the first Wednesday 14:00–17:00',
  ],
  [
    'monthly on the day of the start',
    [{ ...m(null, '09:00', '10:00'), dtstart: d('2026-03-31') }],
    [],
    'Il 31 del mese 9:00–10:00',
    'The 31st of the month 9:00–10:00',
  ],
  [
    'weeks of the year',
    [{ ...w('MO', '09:00', '10:00'), byweekno: '10,20,-1' }],
    [],
    "Lunedì, nelle settimane 10, 20 e ultima dell'anno, 9:00–10:00",
    'Monday, in weeks 10, 20 and the last of the year, 9:00–10:00',
  ],
  [
    'a day of the year',
    [{ ...m(null, '09:00', '10:00'), byyearday: '100,-1' }],
    [],
    "Il 100° giorno e l'ultimo giorno dell'anno 9:00–10:00",
    'The 100th day and the last day of the year 9:00–10:00',
  ],
  [
    'summer to come',
    [{ ...w('MO,TU,WE,TH,FR', '08:00', '12:00'), validFrom: d('2027-07-01'), validTo: d('2027-08-31') }],
    [],
    'Dal 1° luglio al 31 agosto 2027: lunedì–venerdì 8:00–12:00',
    'From 1 July to 31 August 2027: Monday–Friday 8:00–12:00',
  ],
  [
    'seasons',
    [
      { ...w('WE', '14:30', '15:45'), validFrom: d('2026-10-01'), validTo: d('2027-03-31') },
      { ...w('WE', '18:30', '19:45'), validFrom: d('2027-04-01'), validTo: d('2027-09-30') },
    ],
    [],
    'Fino al 31 marzo 2027: mercoledì 14:30–15:45; dal 1° aprile al 30 settembre 2027: mercoledì 18:30–19:45',
    'Until 31 March 2027: Wednesday 14:30–15:45; from 1 April to 30 September 2027: Wednesday 18:30–19:45',
  ],
  [
    'what ended is not told',
    [{ ...w('TH', '15:00', '17:00'), validTo: d('2025-12-18') }, w('FR', '09:00', '12:00')],
    [],
    'Venerdì 9:00–12:00',
    'Friday 9:00–12:00',
  ],
  [
    'until this year',
    [{ ...w('TH', '15:00', '17:00'), validFrom: d('2026-01-08'), validTo: d('2026-12-18') }],
    [],
    'Fino al 18 dicembre: giovedì 15:00–17:00',
    'Until 18 December: Thursday 15:00–17:00',
  ],
  [
    'within a month',
    [{ ...w('TH', '15:00', '17:00'), validFrom: d('2026-12-08'), until: d('2026-12-21') }],
    [],
    "Dall'8 al 21 dicembre: giovedì 15:00–17:00",
    'From 8 to 21 December: Thursday 15:00–17:00',
  ],
  [
    'one day',
    [{ ...w('SA', '15:00', '17:00'), validFrom: d('2026-12-12'), validTo: d('2026-12-12') }],
    [],
    'Il 12 dicembre: sabato 15:00–17:00',
    'On 12 December: Saturday 15:00–17:00',
  ],
  [
    'eight times',
    [{ ...w('WE', '18:30', '20:00'), dtstart: d('2027-01-13'), count: 8 }],
    [],
    'Dal 13 gennaio 2027: mercoledì, per 8 volte, 18:30–20:00',
    'From 13 January 2027: Wednesday, 8 times, 18:30–20:00',
  ],
  [
    'with an offset',
    [{ ...w('MO', '10:00', '12:00'), timezone: 2 }, w('TU', '10:00Z', '12:00Z')],
    [],
    'Lunedì 10:00–12:00 (UTC+2), martedì 10:00–12:00 (UTC+0)',
    'Monday 10:00–12:00 (UTC+2), Tuesday 10:00–12:00 (UTC+0)',
  ],
  ['only a description', [{ description: 'Su appuntamento.' }], [], 'Su appuntamento', 'Su appuntamento'],
  [
    'hours and a description',
    [w('MO', '09:00', '12:00'), { description: 'Negli altri giorni su appuntamento.' }],
    [],
    'Lunedì 9:00–12:00; Negli altri giorni su appuntamento',
    'Monday 9:00–12:00; Negli altri giorni su appuntamento',
  ],
  ['nothing', [{}], [], null, null],
  [
    'several exceptions',
    [w('MO,TU,WE,TH,FR', '09:00', '13:00')],
    [e('2027-08-10', '2027-08-21'), y('2020-12-25', '2020-12-26'), y('0001-01-01'), e('2026-12-08'), e('2026-01-06')],
    "Lunedì–venerdì 9:00–13:00; chiuso l'8 dicembre, il 25 e il 26 dicembre, il 1° gennaio e dal 10 al 21 agosto 2027",
    'Monday–Friday 9:00–13:00; closed on 8 December, on 25 and 26 December, on 1 January and from 10 to 21 August 2027',
  ],
  [
    'from Christmas to Epiphany',
    [w('MO', '09:00', '13:00')],
    [y('2026-12-24', '2027-01-06'), e('2027-12-30', '2028-01-02')],
    'Lunedì 9:00–13:00; chiuso dal 24 dicembre al 6 gennaio e dal 30 dicembre 2027 al 2 gennaio 2028',
    'Monday 9:00–13:00; closed from 24 December to 6 January and from 30 December 2027 to 2 January 2028',
  ],
  [
    'other hours on a day',
    [w('MO,TU,WE,TH,FR', '09:00', '17:00')],
    [
      { ...e('2026-12-24'), closed: false, opensAt: '09:00', closesAt: '12:00' },
      { ...e('2026-12-24'), closed: false, opensAt: '14:00', closesAt: '15:00' },
      e('2026-12-25'),
    ],
    'Lunedì–venerdì 9:00–17:00; chiuso il 25 dicembre; il 24 dicembre 9:00–12:00 e 14:00–15:00',
    'Monday–Friday 9:00–17:00; closed on 25 December; on 24 December 9:00–12:00 and 14:00–15:00',
  ],
  [
    'an exception that says no hours',
    [w('MO', '09:00', '13:00')],
    [{ ...e('2026-12-24'), closed: false }],
    'Lunedì 9:00–13:00',
    'Monday 9:00–13:00',
  ],
  [
    'all has ended',
    [
      { ...w('TH', '15:00', '17:00'), validTo: d('2025-12-18') },
      { ...w('FR', '15:00', '17:00'), until: d('2024-01-01') },
    ],
    [e('2026-12-25')],
    'Orario terminato il 18 dicembre 2025',
    'Hours ended on 18 December 2025',
  ],
]

test.each(table)('%s, in Italian', (_name, schedules, exceptions, italian) => {
  expect(describe(schedules, exceptions, 'it')).toBe(italian)
})

test.each(table)('%s, in English', (_name, schedules, exceptions, _italian, english) => {
  expect(describe(schedules, exceptions, 'en')).toBe(english)
})

function describe(schedules: Partial<HoursSchedule>[], exceptions: HoursException[], language: LanguageCode) {
  return describeHours(
    schedules.map((schedule) => ({ ...nothing, ...schedule })),
    exceptions,
    language,
    d('2026-11-23'),
  )
}

function d(text: string): Date {
  return new Date(text)
}

function w(byday: string | null, opensAt: string, closesAt: string) {
  return { freq: 'WEEKLY' as const, byday, opensAt, closesAt }
}

function m(byday: string | null, opensAt: string, closesAt: string) {
  return { freq: 'MONTHLY' as const, byday, opensAt, closesAt }
}

/** Closed on one day or from one to another; then the same every year. */
function e(start: string, end = start): HoursException {
  return { startDate: d(start), endDate: d(end), yearly: false, closed: true, opensAt: null, closesAt: null }
}

function y(start: string, end = start): HoursException {
  return { ...e(start, end), yearly: true }
}

const nothing: HoursSchedule = {
  validFrom: null,
  validTo: null,
  dtstart: null,
  timezone: null,
  until: null,
  count: null,
  wkst: null,
  freq: null,
  interval: null,
  byday: null,
  byweekno: null,
  bymonthday: null,
  byyearday: null,
  description: null,
  opensAt: null,
  closesAt: null,
}
