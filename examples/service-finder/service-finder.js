// Prints what there is near Bra for a need. Start the server first (pnpm start), then: node service-finder.js elderly-care
import { createClient } from '@welfare-network/sdk'

const endpoint = process.env.WELFARE_NETWORK_API ?? 'http://localhost:4000/graphql'
const need = process.argv[2] ?? 'elderly-care'

const welfare = createClient({ endpoint, network: 'alba-bra' })
for await (const service of welfare.services({ needAreas: [need], municipality: 'Bra' })) {
  console.log(`${service.name} (${service.organization.name})  ${service.phones[0]?.number ?? ''}`)
}
