/** `needs`, `terms` and `municipalities`: what a network has from a CSV file. */
import { existsSync, statSync } from 'node:fs'
import type { Command } from 'commander'
import type { Transaction } from '../database/connect.ts'
import { importNeedAreas } from '../domains/need/import-need-areas.ts'
import { importTermMapping } from '../domains/need/map-terms.ts'
import { importMunicipalities } from '../domains/network/import-municipalities.ts'
import { findNetwork } from './find-named.ts'
import { withMigrated } from './open-database.ts'
import { readSlug } from './read-options.ts'
import { CommandRefused } from './tell-refusal.ts'

export function addFileImports(program: Command): void {
  fileCommand(program, 'needs', 'make the tree of need areas that of a CSV file', async (tx, networkId, path) => {
    const { areas, removed } = await importNeedAreas(tx, networkId, path)
    return `${areas} need areas${removed > 0 ? `, ${removed} removed` : ''}.`
  })

  fileCommand(
    program,
    'terms',
    'make the mapping of taxonomy terms to need areas that of a CSV file',
    async (tx, networkId, path) => {
      return `${await importTermMapping(tx, networkId, path)} terms mapped.`
    },
  )

  fileCommand(
    program,
    'municipalities',
    'add the municipalities of a CSV file to the territory',
    async (tx, networkId, path) => {
      return `${await importMunicipalities(tx, networkId, path)} municipalities.`
    },
  )
}

function fileCommand(
  program: Command,
  name: string,
  description: string,
  importFile: (tx: Transaction, networkId: string, path: string) => Promise<string>,
): void {
  program
    .command(name)
    .description(description)
    .argument('<file>', 'CSV file')
    .requiredOption('--network <slug>', 'the network', readSlug)
    .action((path: string, { network }: { network: string }) => {
      requireFile(path)
      return withMigrated(async (database) => {
        const networkId = await findNetwork(database.prisma, network, false)
        console.log(
          await database.prisma.$transaction((tx) => importFile(tx, networkId, path), { timeout: 10 * 60_000 }),
        )
      })
    })
}

function requireFile(path: string): void {
  if (existsSync(path) && statSync(path).isFile()) return
  throw new CommandRefused(`${path}: no such file. Check the path.`)
}
