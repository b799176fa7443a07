/** The HSDS directory, as the API shows it: every object and field of HSDS 3.1. */
import './graphql/service.ts'
import './graphql/location.ts'
import './graphql/schedule.ts'
import './graphql/contact.ts'
import './graphql/taxonomy.ts'
import './graphql/lists.ts'
import './graphql/search.ts'
import './graphql/suggestions.ts'
