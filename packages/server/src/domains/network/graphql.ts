/** The face of the network: what belongs to it, and how it is changed. */
import './graphql/memberships.ts'
import './graphql/timeline.ts'

export { Kind, Municipality, Organization, Sector } from './graphql/network.ts'
