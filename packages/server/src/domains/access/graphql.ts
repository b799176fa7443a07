/** Who is asking, as the API shows it: callers, API keys, grants, sessions, and what is kept of people. */
import './graphql/api-keys.ts'
import './graphql/my-data.ts'
import './graphql/sessions.ts'
import './graphql/viewer.ts'
