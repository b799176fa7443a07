/** `staff`: who works in a network, and as what. */
import { type Command, Option } from 'commander'
import { readConfig } from '../config.ts'
import type { Transaction } from '../database/connect.ts'
import { addStaffMember, listStaff, removeStaffMember, type StaffPlace } from '../domains/access/staff-members.ts'
import { rowId } from '../domains/directory/import/identify.ts'
import { StaffRole } from '../generated/prisma/client.ts'
import { describeStaff } from '../terminal/describe-staff.ts'
import { findNetwork } from './find-named.ts'
import { withMigrated } from './open-database.ts'
import { readSlug } from './read-options.ts'
import { recordByOperator } from './record-by-operator.ts'
import { CommandRefused } from './tell-refusal.ts'

export function addStaff(program: Command): void {
  const staff = program.command('staff').description('who works in a network, and as what')

  staffCommand(
    staff,
    'add',
    'give somebody a role, which counts once the tokens of the issuer carry it too',
    async (tx, place) => {
      const recordKey = await addStaffMember(tx, place)
      await recordByOperator(tx, 'staff_member.add', { networkId: place.networkId, recordKey })
      return `${place.subject} is ${place.role}.`
    },
  )

  staffCommand(staff, 'remove', 'take a role away', async (tx, place) => {
    const recordKey = await removeStaffMember(tx, place)
    await recordByOperator(tx, 'staff_member.remove', { networkId: place.networkId, recordKey })
    return `${place.subject} is no longer ${place.role}.`
  })

  staff
    .command('list')
    .description('list who has which role')
    .requiredOption('--network <slug>', 'the network', readSlug)
    .action(({ network }: { network: string }) =>
      withMigrated(async ({ prisma }) => {
        const found = await listStaff(prisma, await findNetwork(prisma, network, false))
        console.log(found.length === 0 ? 'It has no staff.' : found.map(describeStaff).join('\n'))
      }),
    )
}

interface StaffOptions {
  network: string
  role: StaffRole
  subject: string
  organization?: string
  issuer?: string
}

function staffCommand(
  staff: Command,
  name: string,
  description: string,
  change: (tx: Transaction, place: StaffPlace) => Promise<string>,
): void {
  staff
    .command(name)
    .description(description)
    .requiredOption('--network <slug>', 'the network', readSlug)
    .addOption(new Option('--role <role>', 'the role').choices(Object.values(StaffRole)).makeOptionMandatory())
    .requiredOption('--subject <sub>', 'who it is to the issuer, as tokens have it in sub')
    .option('--organization <uuid>', 'HSDS identifier of the organization, for an organization_admin')
    .option('--issuer <url>', 'the issuer, as tokens have it in iss; OIDC_ISSUER without it')
    .action(({ network, organization, role, subject, issuer: named }: StaffOptions) => {
      const issuer = named ?? readConfig(process.env).staffIssuer?.issuer
      if (issuer === undefined) throw new CommandRefused('Whose tokens? Set OIDC_ISSUER, or name the issuer: --issuer.')
      return withMigrated(async ({ prisma }) => {
        const networkId = await findNetwork(prisma, network, false)
        const organizationId = organization === undefined ? null : rowId(networkId, 'organization', organization)
        const place = { networkId, organizationId, issuer, subject, role }
        console.log(await prisma.$transaction((tx) => change(tx, place)))
      })
    })
}
