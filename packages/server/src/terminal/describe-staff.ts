/** Somebody of the staff, in a line of text. */
import type { ListedStaff } from '../domains/access/staff-members.ts'

export function describeStaff({ issuer, subject, role, organization, createdAt }: ListedStaff): string {
  const place = organization === null ? '' : ` of ${organization.name} (${organization.uuid})`
  return `${role}${place}: ${subject} of ${issuer}, since ${createdAt.toISOString().slice(0, 10)}`
}
