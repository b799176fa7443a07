/** `pnpm db:migration <name>`: writes the migration that leads from the migrations so far to prisma/. */
import { writeNextMigration } from '../src/database/migrate.ts'

const name = process.argv[2]
if (name === undefined || !/^[a-z][a-z0-9_]*$/.test(name)) {
  console.error('Name the migration by what it does, in small letters: pnpm db:migration add_phone_hours')
  process.exitCode = 2
} else {
  const file = await writeNextMigration(name, new Date())
  console.log(
    file === undefined
      ? 'The migrations already make what prisma/ describes.'
      : `Wrote ${file}. Read it before you commit it.`,
  )
}
