/** Ends a service or an organization for good: it stays where links and records lead to, and says so. */
import type { Transaction } from '../../../database/connect.ts'
import { Refused } from '../../../refused.ts'
import { isMember } from '../../network/membership.ts'
import { words } from './check-values.ts'
import { answer, type Edited, type Editor, type EditTarget, openRecord, tellAct } from './editing.ts'
import { findRecord } from './find-record.ts'
import type { Right } from './right-to-edit.ts'
import { updateRecord } from './write-record.ts'

/** Throws a Refused. Repeating it, with the version that it left, changes nothing. */
export async function retireRecord(
  tx: Transaction,
  editor: Editor,
  target: EditTarget & { entity: 'service' | 'organization' },
): Promise<Edited> {
  const { entity, id } = target
  const { record, right } = await openRecord(tx, editor, target)
  if (!record.isPublished) {
    const advice = `discard the draft of the ${words(entity)} instead`
    throw new Refused('NOT_PUBLISHED', `id: nobody has seen this yet: ${advice}.`, ['id'])
  }
  const changed = entity === 'service' ? await endService(tx, id, right) : await endOrganization(tx, id, right)
  if (changed) await tellAct(tx, editor, 'retire', record, right)
  return answer(tx, entity, id)
}

async function endService(tx: Transaction, id: string, right: Right): Promise<boolean> {
  const service = (await findRecord(tx, 'service', id))!
  if (service.data.status === 'defunct') return false
  await updateRecord(tx, service, { status: 'defunct' }, right)
  return true
}

async function endOrganization(tx: Transaction, id: string, right: Right): Promise<boolean> {
  const organization = (await findRecord(tx, 'organization', id))!
  if (organization.data.retired_on != null) return false
  if (await isMember(tx, id)) {
    throw new Refused('MEMBERSHIP_ACTIVE', 'id: its membership of the network is active; it must end first.', ['id'])
  }
  const services = await tx.service.findMany({ where: { organizationId: id }, select: { id: true } })
  for (const service of services) await endService(tx, service.id, right)
  const today = new Date().toLocaleDateString('sv-SE', { timeZone: 'Europe/Rome' })
  await updateRecord(tx, organization, { retired_on: today }, right)
  return true
}
