/** The `welfare-network` command: what operators and organizations do from a terminal. Each command is a file of `cli/`. */
import { Command } from 'commander'
import { addAudit } from './cli/audit.ts'
import { addDemonstration } from './cli/demonstration.ts'
import { addDirectory } from './cli/directory.ts'
import { addExport } from './cli/export.ts'
import { addImport } from './cli/import.ts'
import { addFileImports } from './cli/import-file.ts'
import { addKeys } from './cli/keys.ts'
import { addMembership } from './cli/membership.ts'
import { addMigrate } from './cli/migrate.ts'
import { addNetwork } from './cli/network.ts'
import { addStaff } from './cli/staff.ts'
import { addSurvey } from './cli/survey.ts'
import { tellRefusal } from './cli/tell-refusal.ts'

const program = new Command('welfare-network')
  .description('Runs and fills a welfare network. Settings come from the environment, as for `pnpm start`.')
  .configureHelp({ showGlobalOptions: true })
  .showHelpAfterError('(--help tells more)')

addMigrate(program)
addDemonstration(program)
addImport(program)
addExport(program)
addNetwork(program)
addFileImports(program)
addDirectory(program)
addStaff(program)
addAudit(program)
addMembership(program)
addKeys(program)
addSurvey(program)

try {
  await program.parseAsync()
} catch (error) {
  tellRefusal(error)
  process.exitCode = 1
}
