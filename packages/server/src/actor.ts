/** Who asks: decided once for a request; every rule asks the actor. */
import type { ApiKeyScope, StaffRole } from './generated/prisma/enums.ts'

export type Actor = Anyone | Partner | Person | Staff

/** Nobody has said who they are. */
export interface Anyone {
  kind: 'anyone'
}

/** The server of an organization, with an API key. */
export interface Partner {
  kind: 'partner'
  /** Row key of the API key. */
  keyId: string
  networkId: string
  organizationId: string
  scopes: ReadonlySet<ApiKeyScope>
}

/** What a grant says of a person: how they belong to whom. A citizen belongs through no organization. */
export type Relation = 'employee' | 'family_member' | 'citizen'

/** A person in a session, known by nothing but a key. */
export interface Person {
  kind: 'person'
  /** Row key of the person. */
  personId: string
  networkId: string
  relation: Relation
  /** Row key of the organization through which the person is entitled; null for a citizen. */
  organizationId: string | null
}

/** Somebody with a token of a trusted OpenID Connect issuer, and roles that the database confirms. */
export interface Staff {
  kind: 'staff'
  /** Claims iss and sub. */
  issuer: string
  subject: string
  /** At least one, each a row of a staff member. */
  roles: { id: string; networkId: string; organizationId: string | null; role: StaffRole }[]
}

export const anyone: Anyone = { kind: 'anyone' }
