/** PgBouncer in transaction mode in front of a PostgreSQL server, for a test. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Where the program is: Debian's package puts it among those for administrators. */
const program = ['pgbouncer', '/usr/sbin/pgbouncer'].find((path) => spawnSync(path, ['--version']).status === 0)

export const hasPgBouncer = program !== undefined

/**
 * Starts a pooler whose clients share one connection to a database, with one login. Returns the address for the clients,
 * and how to stop it.
 */
export async function startPgBouncer(url: string): Promise<{ url: string; stop(): Promise<void> }> {
  const { hostname, port: serverPort, pathname, username } = new URL(url)
  const database = pathname.slice(1)
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'welfare-network-pgbouncer-'))
  const file = join(folder, 'pgbouncer.ini')
  writeFileSync(
    file,
    `[databases]
${database} = host=${hostname} port=${serverPort} user=${username}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 1
`,
  )
  chmodSync(folder, 0o755)
  // It refuses to run as root.
  const asSystemUser = process.getuid?.() === 0 ? ['--user', 'nobody'] : []
  const child = spawn(program!, [...asSystemUser, file], { stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = once(child, 'exit')
  let said = ''
  await new Promise<void>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (said.includes('process up')) resolve()
    })
    child.on('error', reject).on('exit', () => reject(new Error(`PgBouncer ended:\n${said}`)))
  })
  return {
    url: `postgresql://${username}@127.0.0.1:${port}/${database}?pgbouncer=true`,
    stop: async () => {
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
