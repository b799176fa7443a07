/** Critical themes as the command line tells them. */
import { type ToldRelease, untoldNeedAreas } from '../domains/survey/releasing/read-release.ts'

/** A line for each critical theme and each need area that is not published, and one where none is critical, or none was measured. */
export function describeThemes(release: Pick<ToldRelease, 'tables' | 'themes'>): string[] {
  const { suppressed, noneCritical, noneMeasured } = untoldNeedAreas(release)
  return [
    ...release.themes.map(
      ({ needArea, percent, respondents }) => `critical: ${needArea}, ${percent} % of ${respondents}`,
    ),
    ...(noneCritical === null ? [] : [none[noneCritical]]),
    ...(noneMeasured && release.themes.length === 0 ? ['The survey measures no need area.'] : []),
    ...suppressed.map(({ needArea }) => `not published: ${needArea}`),
  ]
}

const none = {
  ofAll: 'No need area is critical to more than half.',
  ofPublished: 'No need area that is published is critical to more than half.',
}
