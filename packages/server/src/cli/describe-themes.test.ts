import { expect, test } from 'vitest'
import { toldNeedArea, toldRelease, toldTable, toldTheme } from '../testing/told-release.ts'
import { describeThemes } from './describe-themes.ts'

const stress = toldNeedArea('stress', [160, 90])
const care = toldNeedArea('care', null)
const housing = toldNeedArea('housing', [20, 230])

test.each([
  [
    'themes, and what is not published',
    { tables: [stress, care], themes: [toldTheme('stress')] },
    ['critical: stress, 64 % of 250', 'not published: care'],
  ],
  ['that none is critical', { tables: [housing] }, ['No need area is critical to more than half.']],
  [
    'that none of the published ones is critical',
    { tables: [housing, care] },
    ['No need area that is published is critical to more than half.', 'not published: care'],
  ],
  [
    'that no need area is measured',
    { tables: [toldTable(['well', 'badly'], { '': [20, 230] })] },
    ['The survey measures no need area.'],
  ],
  ['nothing of what is critical where nothing is published', { tables: [care] }, ['not published: care']],
])('the command line tells %s', (_, given, lines) => {
  expect(describeThemes(toldRelease(given))).toEqual(lines)
})
