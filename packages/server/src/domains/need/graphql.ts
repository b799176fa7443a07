/** The face of need areas: the tree, and what answers it. */
import './graphql/mapping.ts'

export { NeedArea, TextLanguage } from './graphql/need-areas.ts'
