/** The three welfares that a network joins: public, community and company. */
import { OrganizationKind } from '../../generated/prisma/client.ts'

export type Sector = 'public' | 'community' | 'company'

/** The sector of each kind of organization; null where the kind does not tell. */
export const sectors: Record<OrganizationKind, Sector | null> = {
  health_authority: 'public',
  social_care_consortium: 'public',
  municipality: 'public',
  university: 'public',
  social_cooperative: 'community',
  volunteer_association: 'community',
  foundation: 'community',
  company: 'company',
  other: null,
}

/** The kinds of organization of a sector. */
export function kindsOf(sector: Sector): OrganizationKind[] {
  return Object.values(OrganizationKind).filter((kind) => sectors[kind] === sector)
}
