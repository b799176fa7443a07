/** `network`: describes a network, its phases and its events. */
import { basename } from 'node:path'
import type { Command } from 'commander'
import { describeEvents, describeNetwork, readNetworkDescription } from '../domains/network/describe-network.ts'
import { withMigrated } from './open-database.ts'

export function addNetwork(program: Command): void {
  program
    .command('network')
    .description('describe a network, its phases and its events, from a JSON file')
    .argument('<file>', 'JSON file, as packages/server/demonstration/network.json')
    .action((path: string) =>
      withMigrated(async (database) => {
        const told = await readNetworkDescription(path)
        await database.prisma.$transaction(async (tx) => {
          const networkId = await describeNetwork(tx, told, false)
          await describeEvents(tx, networkId, told, basename(path))
        })
        console.log(`${told.slug}: ${told.name}, ${told.phases.length} phases, ${told.events.length} events.`)
      }),
    )
}
