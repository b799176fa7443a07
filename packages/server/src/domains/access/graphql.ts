/** Who is asking, as the API shows it: callers, API keys, grants and sessions. */
import './graphql/api-keys.ts'
import './graphql/sessions.ts'
import './graphql/viewer.ts'
