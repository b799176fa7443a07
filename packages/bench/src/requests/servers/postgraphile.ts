/** The peer that makes a GraphQL API of the tables: PostGraphile 5, set up for production as its documentation says. */
import { createServer } from 'node:http'
import { postgraphile } from 'postgraphile'
import { makePgService } from 'postgraphile/adaptors/pg'
import { grafserv } from 'postgraphile/grafserv/node'
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber'
import { jsonPgSmartTags } from 'postgraphile/utils'
import { announce, databaseUrl } from './process.ts'

// GraphQL has no names with spaces and colons, and enumerations of our tables have values with them.
const PlainNames: GraphileConfig.Plugin = {
  name: 'PlainNames',
  version: '0.0.0',
  inflection: {
    replace: {
      enumValue: (previous, _options, value, codec) => previous!(value.replaceAll(/[ :]/g, '_'), codec),
    },
  },
}

// What it can't see in the tables: Prisma makes unique indexes, not constraints. And filters on columns without an index
// are left out unless asked for.
const SmartTags = jsonPgSmartTags({
  version: 1,
  config: {
    class: { network: { tags: { unique: 'slug' } }, need_area: { tags: { unique: 'network_id,code' } } },
    attribute: { 'organization.kind': { tags: { behavior: '+condition:attribute:filterBy +filterBy' } } },
  },
})

const instance = postgraphile({
  extends: [PostGraphileAmberPreset],
  plugins: [PlainNames, SmartTags],
  pgServices: [makePgService({ connectionString: databaseUrl, schemas: ['public'] })],
  grafserv: { graphqlPath: '/graphql', graphiql: false, watch: false },
  grafast: { explain: false },
})

const server = createServer()
await instance.createServ(grafserv).addTo(server)
announce(server)
