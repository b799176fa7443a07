/** The face of surveys: how they are written and run, how people answer, and what is released. */
import './graphql/write-survey.ts'
import './graphql/run-campaign.ts'
import './graphql/invitations.ts'
import './graphql/answering.ts'
import './graphql/release.ts'
