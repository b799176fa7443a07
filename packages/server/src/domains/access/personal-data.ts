/**
 * What is kept of people, table by table: how a person gets it, and how it goes when that person asks to be forgotten. One
 * list, so that what is exported and what is erased is the same; a table that is classed as personal and does not stand
 * here fails the tests.
 */
import type { Person } from '../../actor.ts'
import type { Transaction } from '../../database/connect.ts'
import { Prisma } from '../../generated/prisma/client.ts'
import { actorKeyOf } from '../trace/act-once.ts'
import { findAnswers, forgetAnswers } from '../trace/idempotency.ts'

export type PersonalData = {
  table: string
  /** What the rows are, for the person to read. */
  holds: string
} & (NamesPerson | HasRule)

/**
 * The rows name their person, which policies ask as well: they go with the row of the person, by a foreign key that
 * cascades. All columns are exported. A policy shows them to upkeep, since of whom none are kept is kept less long.
 */
interface NamesPerson {
  /** The column that holds the row key of the person. */
  column: string
}

/** The rows are of a person in a way of their own. */
interface HasRule {
  find(tx: Transaction, person: Person): Promise<object[]>
  erase(tx: Transaction, person: Person): Promise<void>
}

export const personalData: readonly PersonalData[] = [
  {
    table: 'person',
    column: 'id',
    holds:
      'That somebody has your key: a number drawn at random, a hash of the key that only this server can make, and the ' +
      'month in which you were last here.',
  },
  {
    table: 'idempotent_answer',
    holds: 'Answers to your changes of the last day, kept for a repeat of the same request.',
    find: (tx, person) => findAnswers(tx, actorKeyOf(person)),
    erase: (tx, person) => forgetAnswers(tx, actorKeyOf(person)),
  },
]

/** All rows of a person in a table, as JSON; bytes in hexadecimal. */
export async function findPersonalData(tx: Transaction, data: PersonalData, person: Person): Promise<object[]> {
  if ('find' in data) return data.find(tx, person)
  const { table, column } = data
  const rows = await tx.$queryRaw<{ row: object }[]>`
    SELECT to_jsonb(each) AS row FROM ${Prisma.raw(`"${table}"`)} AS each
    WHERE ${Prisma.raw(`"${column}"`)} = ${person.personId}::uuid`
  return rows.map(({ row }) => row)
}
