/** The face of surveys: how they are written and run, how people answer, and what is released. */
import './graphql/running.ts'
import './graphql/answering.ts'
import './graphql/release.ts'
