/** A file in the shape of the answers that OSMI published in 2014, with invented rows. */
import { csvText } from './csv-text.ts'

const columns = [
  ...['Age', 'Gender', 'Country', 'state', 'self_employed', 'family_history', 'treatment', 'work_interfere'],
  ...['no_employees', 'remote_work', 'tech_company', 'benefits', 'care_options', 'wellness_program', 'seek_help'],
  ...['anonymity', 'leave', 'mental_health_consequence', 'phys_health_consequence', 'coworkers', 'supervisor'],
  ...['mental_health_interview', 'phys_health_interview', 'mental_vs_physical', 'obs_consequence'],
]

const usual = {
  ...{ Age: 37, Gender: 'Female', Country: 'United States', state: 'IL', self_employed: 'NA', family_history: 'No' },
  ...{ treatment: 'Yes', work_interfere: 'Often', no_employees: '6-25', remote_work: 'No', tech_company: 'Yes' },
  ...{ benefits: 'Yes', care_options: 'Not sure', wellness_program: 'No', seek_help: 'Yes', anonymity: "Don't know" },
  ...{ leave: 'Somewhat easy', mental_health_consequence: 'Maybe', phys_health_consequence: 'No' },
  ...{ coworkers: 'Some of them', supervisor: 'Yes', mental_health_interview: 'No', phys_health_interview: 'Maybe' },
  ...{ mental_vs_physical: "Don't know", obs_consequence: 'No' },
}

/** Five rows: two that are taken, an age that nobody has, one that is taken, and an answer that has no code. */
export const osmiRows: string = csvText(columns, [
  usual,
  { ...usual, Age: 15, Gender: ' mALE ', Country: 'Italy', work_interfere: 'NA', leave: "Don't know", benefits: 'No' },
  { ...usual, Age: 329 },
  { ...usual, Age: 99, Gender: 'in my own words', self_employed: 'Yes', no_employees: 'More than 1000' },
  { ...usual, remote_work: 'Perhaps' },
])
