/** `membership`: an organization applies, is accepted, leaves. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Transaction } from '../database/connect.ts'
import { acceptMembership, applyForMembership, leaveNetwork } from '../domains/network/membership.ts'
import { today } from '../domains/network/today.ts'
import type { Action } from '../domains/trace/record-act.ts'
import { type Membership, MembershipRole } from '../generated/prisma/client.ts'
import { withOrganization } from './find-named.ts'
import { organization, readDay, readSlug } from './read-options.ts'
import { recordByOperator } from './record-by-operator.ts'

export function addMembership(program: Command): void {
  const membership = program.command('membership').description('memberships of organizations')
  const on = () => new Option('--on <day>', 'the day, YYYY-MM-DD').argParser(readDay).default(today(), 'today')

  membership
    .command('apply')
    .description('an organization asks to belong to the network')
    .requiredOption('--network <slug>', 'the network', readSlug)
    .requiredOption(...organization)
    .requiredOption('--role <role>', Object.values(MembershipRole).join(', '), readRole)
    .addOption(on())
    .action((options: { network: string; organization: string; role: MembershipRole; on: Date }) =>
      changeMembership(options, 'membership.apply', (tx, organizationId) =>
        applyForMembership(tx, { ...options, organizationId }),
      ),
    )

  membership
    .command('accept')
    .description('the network accepts an application')
    .requiredOption('--network <slug>', 'the network', readSlug)
    .requiredOption(...organization)
    .requiredOption('--by <who>', 'who decided, by office or role')
    .addOption(on())
    .action((options: { network: string; organization: string; by: string; on: Date }) =>
      changeMembership(options, 'membership.accept', (tx, organizationId) =>
        acceptMembership(tx, { ...options, organizationId }),
      ),
    )

  membership
    .command('leave')
    .description('an organization leaves, or its application ends')
    .requiredOption('--network <slug>', 'the network', readSlug)
    .requiredOption(...organization)
    .option('--reason <words>', 'why')
    .addOption(on())
    .action((options: { network: string; organization: string; reason?: string; on: Date }) =>
      changeMembership(options, 'membership.leave', async (tx, organizationId) => {
        const { on, reason = null } = options
        const { membership, revokedKeys } = await leaveNetwork(tx, { organizationId, on, reason })
        if (revokedKeys.length > 0) console.log(`Its API keys are no longer taken: ${revokedKeys.join(', ')}.`)
        const { networkId } = membership
        for (const recordKey of revokedKeys) await recordByOperator(tx, 'api_key.revoke', { networkId, recordKey })
        return membership
      }),
    )
}

function changeMembership(
  named: { network: string; organization: string },
  action: Action,
  change: (tx: Transaction, organizationId: string) => Promise<Membership>,
): Promise<void> {
  return withOrganization(named, async ({ prisma }, { organizationId }) => {
    const { status } = await prisma.$transaction(async (tx) => {
      const changed = await change(tx, organizationId)
      await recordByOperator(tx, action, { networkId: changed.networkId, recordKey: changed.id })
      return changed
    })
    console.log(`The membership is ${status}.`)
  })
}

function readRole(text: string): MembershipRole {
  if (Object.hasOwn(MembershipRole, text)) return text as MembershipRole
  throw new InvalidArgumentError(`Use ${Object.values(MembershipRole).join(', ')}.`)
}
