/** A database that is there as long as a measurement lasts. */
import { Client } from 'pg'

/** Makes an empty one on the server of `TEST_DATABASE_URL`. */
export async function withDatabase(work: (url: string) => Promise<void>): Promise<void> {
  const server = process.env.TEST_DATABASE_URL
  if (server === undefined) throw new Error('TEST_DATABASE_URL: run this through .ci/with-postgres, which sets it.')
  const client = new Client({ connectionString: server })
  await client.connect()
  const name = `welfare_bench_${process.pid}`
  await client.query(`CREATE DATABASE ${name}`)
  try {
    const url = new URL(server)
    url.pathname = `/${name}`
    await work(url.href)
  } finally {
    await client.query(`DROP DATABASE ${name} WITH (FORCE)`)
    await client.end()
  }
}
