/** Critical themes as the command line tells them. */
import { type ToldRelease, untoldNeedAreas } from '../domains/survey/releasing/read-release.ts'

/** A line for each critical theme and each need area that is not published, and one where none is critical. */
export function describeThemes(release: Pick<ToldRelease, 'tables' | 'themes'>): string[] {
  const { suppressed, noneCritical } = untoldNeedAreas(release)
  return [
    ...release.themes.map(
      ({ needArea, percent, respondents }) => `critical: ${needArea}, ${percent} % of ${respondents}`,
    ),
    ...(noneCritical === null ? [] : [none[noneCritical]]),
    ...suppressed.map(({ needArea }) => `not published: ${needArea}`),
  ]
}

const none = {
  ofAll: 'No need area is critical to more than half.',
  ofPublished: 'No need area that is published is critical to more than half.',
}
