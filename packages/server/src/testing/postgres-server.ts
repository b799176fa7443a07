/** Statements on a PostgreSQL server that concern whole databases. */
import { Client } from 'pg'

export async function onServer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query(statement).finally(() => client.end())
}
