/** `demonstration`: loads the demonstration network. */
import type { Command } from 'commander'
import { loadDemonstration } from '../demonstration.ts'
import { withMigrated } from './open-database.ts'

export function addDemonstration(program: Command): void {
  program
    .command('demonstration')
    .description('load the demonstration network (real organizations and places, invented services)')
    .action(() =>
      withMigrated(async (database) => {
        const loaded = await loadDemonstration(database)
        console.log(loaded ? 'The demonstration network alba-bra is loaded.' : 'The network alba-bra is there already.')
      }),
    )
}
