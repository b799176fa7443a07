/**
 * The role that the server works as. It owns nothing and bypasses no row-level security, so that the database withholds what
 * belongs to people whatever the server asks. Migrations and the command line work as the owner.
 */
import { type Database, DatabaseUnavailable } from './connect.ts'
import { personalTables, sealedTables } from './table-classes.ts'

/** Made by a migration. */
export const applicationRole = 'welfare_network_app'

const ownLogin =
  `CREATE ROLE welfare_server LOGIN PASSWORD '…'; GRANT ${applicationRole} TO welfare_server; ` +
  'and use that login in DATABASE_URL.'

/** Where the login of a server could do more than the role. */
export const adviceOnLogin =
  `The server works as ${applicationRole}, but its login in DATABASE_URL can do more, and so could somebody who smuggles ` +
  `SQL in. Let an administrator give it a login of its own: ${ownLogin}`

/**
 * From here on the database works as the application's role. An embedded one, which is opened by its owner, takes it now; on a
 * server the connections have it from their beginning (`role` of the place), or a login that is no more than that.
 * Returns whether the login itself is restricted; if it is not, SQL that somebody smuggled in could lay the role down.
 * Throws {@link DatabaseUnavailable} where row-level security would not hold, or the role lacks its rights.
 */
export async function takeApplicationRole(database: Database): Promise<{ restrictedLogin: boolean }> {
  const { prisma } = database
  if (database.embedded) await prisma.$executeRawUnsafe(`SET ROLE ${applicationRole}`)
  const [role] = await prisma.$queryRaw<[Standing]>`
    SELECT current_user::text AS name, worker.rolsuper OR worker.rolbypassrls AS above,
      login.rolsuper OR login.rolbypassrls OR EXISTS (
        SELECT FROM pg_class WHERE relrowsecurity AND pg_has_role(session_user, relowner, 'MEMBER')) AS "loginAbove",
      ARRAY(SELECT relname::text FROM pg_class
        WHERE relrowsecurity AND pg_has_role(current_user, relowner, 'USAGE') ORDER BY relname) AS owned,
      ARRAY(SELECT name FROM unnest(${personalTables}::text[]) AS name LEFT JOIN pg_class ON pg_class.oid = to_regclass(name)
        WHERE (relrowsecurity AND relforcerowsecurity) IS NOT TRUE ORDER BY name) AS open,
      ARRAY(SELECT name FROM unnest(${personalTables}::text[]) AS name
        WHERE has_table_privilege(to_regclass(name), 'SELECT') IS NOT TRUE ORDER BY name) AS withheld,
      ARRAY(SELECT name FROM unnest(${sealedTables}::text[]) AS name
        WHERE has_table_privilege(to_regclass(name), 'SELECT, INSERT, UPDATE, DELETE') IS NOT FALSE ORDER BY name) AS unsealed
    FROM pg_roles worker, pg_roles login WHERE worker.rolname = current_user AND login.rolname = session_user`
  const { name, above, owned, open, withheld, unsealed } = role
  const refuse = (why: string) => {
    throw new DatabaseUnavailable(`Row-level security would not protect what belongs to people: ${why}`)
  }
  if (above)
    refuse(`the role ${name} stands above it. Let an administrator give the server a login of its own: ${ownLogin}`)
  if (owned.length > 0)
    refuse(
      `the role ${name} owns ${owned.join(', ')}. Let an administrator give the server a login of its own: ${ownLogin}`,
    )
  if (open.length > 0) {
    refuse(
      `it is not forced on ${open.join(', ')}. Run \`pnpm welfare-network migrate\`, or ALTER TABLE … FORCE it again.`,
    )
  }
  if (unsealed.length > 0) {
    throw new DatabaseUnavailable(
      `Answers to surveys would not be sealed: the role ${name} reaches ${unsealed.join(', ')}. REVOKE ALL ON them FROM ` +
        `${applicationRole}, and let an administrator give the server a login of its own: ${ownLogin}`,
    )
  }
  if (withheld.length > 0) {
    throw new DatabaseUnavailable(
      `The role ${name} may not read ${withheld.join(', ')}. Let an administrator give the server a login of its own: ${ownLogin}`,
    )
  }
  return { restrictedLogin: !role.loginAbove }
}

interface Standing {
  name: string
  above: boolean
  loginAbove: boolean
  owned: string[]
  open: string[]
  withheld: string[]
  unsealed: string[]
}

/**
 * Refuses when a migration would have to make the role and may not: better before the first statement than in the middle.
 * Throws {@link DatabaseUnavailable}.
 */
export async function requireApplicationRole({ prisma }: Pick<Database, 'prisma'>): Promise<void> {
  const [{ name, possible }] = await prisma.$queryRaw<[{ name: string; possible: boolean }]>`
    SELECT quote_ident(current_user) AS name, rolsuper OR rolcreaterole
      OR EXISTS (SELECT FROM pg_roles WHERE rolname = ${applicationRole}) AS possible
    FROM pg_roles WHERE rolname = current_user`
  if (possible) return
  throw new DatabaseUnavailable(
    `The role ${applicationRole} is missing, and ${name} may not create roles. Let an administrator run: ` +
      `CREATE ROLE ${applicationRole} NOLOGIN; GRANT ${applicationRole} TO ${name}; then migrate again.`,
  )
}
