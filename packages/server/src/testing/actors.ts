/** Who can ask, of an organization and its network that `fillEveryTable` made. */
import { type Actor, anyone } from '../actor.ts'
import { ApiKeyScope, type StaffRole } from '../generated/prisma/enums.ts'
import { uuidOfRow } from './fill-every-table.ts'

interface Place {
  networkId: string
  organizationId: string
}

/** Network 0 and its organization 0 of the rows with a mark. */
export function placeOf(mark = ''): Place {
  return { networkId: uuidOfRow('network', 0, mark), organizationId: uuidOfRow('organization', 0, mark) }
}

export function partnerOf(place: Place, mark = ''): Actor {
  return {
    kind: 'partner',
    keyId: uuidOfRow('api_key', 0, mark),
    scopes: new Set(Object.values(ApiKeyScope)),
    ...place,
  }
}

export function employeeOf(place: Place, mark = ''): Actor {
  return { kind: 'person', personId: uuidOfRow('person', 0, mark), relation: 'employee', ...place }
}

export function staffOf(
  role: StaffRole,
  place: { networkId: string; organizationId: string | null },
  mark = '',
): Actor {
  const id = uuidOfRow('staff_member', 0, mark)
  return {
    kind: 'staff',
    issuer: 'https://id.example.org',
    subject: `${mark}somebody`,
    roles: [{ id, role, ...place }],
  }
}

/** Every kind of caller in one network, and who is in none. */
export function everyActor(mark = ''): Record<string, Actor> {
  const place = placeOf(mark)
  const network = { ...place, organizationId: null }
  return {
    anyone,
    'partner, all scopes': partnerOf(place, mark),
    employee: employeeOf(place, mark),
    citizen: {
      kind: 'person',
      personId: uuidOfRow('person', 1, mark),
      relation: 'citizen',
      networkId: place.networkId,
      organizationId: null,
    },
    coordinator: staffOf('network_coordinator', network, mark),
    operator: staffOf('welfare_point_operator', network, mark),
    administrator: staffOf('organization_admin', place, mark),
  }
}
