/** What weakens a directory, for a person to read. */
import type { Finding } from '../domains/directory/check-directory.ts'
import { type FindingKind, weaknesses } from '../domains/directory/quality/weaknesses.ts'

/** The findings of a kind under its heading: the first of them, and how many more there are. */
export function describeFindings(kind: FindingKind, count: number, first: Finding[]): string {
  const more = count - first.length
  return [
    `${weaknesses[kind].title}: ${count}`,
    ...first.map((finding) => `  ${describeRecord(finding)}\n    ${finding.sentence}`),
    ...(more > 0 ? [`  … and ${more} more.`] : []),
  ].join('\n')
}

function describeRecord({ entity, uuid, name, holder }: Finding): string {
  const whose = holder === null ? '' : `, ${holder}`
  return `${name === '' ? entity.replaceAll('_', ' ') : name}${whose} (${entity} ${uuid})`
}
