/** How long searches of a directory take, as a person's program asks them. */
import { connect } from '@welfare-network/server/src/database/connect.ts'
import { countFound } from '@welfare-network/server/src/domains/directory/search/count-facets.ts'
import type { ServiceFilter } from '@welfare-network/server/src/domains/directory/search/match-services.ts'
import { readWords } from '@welfare-network/server/src/domains/directory/search/read-words.ts'
import { searchServices } from '@welfare-network/server/src/domains/directory/search/search-services.ts'

export interface TimedSearch {
  name: string
  /** How many services it finds. */
  found: number
  /** Milliseconds for the first page of twenty: the median of several runs, after two to warm up. */
  milliseconds: number
}

const alba = { latitude: 44.7009, longitude: 8.0357 }
const saturdayNight = new Date('2026-06-13T22:30:00+02:00')

const searches: Record<string, Omit<ServiceFilter, 'words'> & { typed?: string }> = {
  'all, by name': {},
  'a common word (famiglia)': { typed: 'famiglia' },
  'two words (asilo nido)': { typed: 'asilo nido' },
  'words and a municipality (anziani Bra)': { typed: 'anziani Bra' },
  'a mistyped word (caregver)': { typed: 'caregver' },
  'a need area': { needAreas: ['elderly-care'] },
  'within 15 km': { near: { ...alba, kilometres: 15 } },
  'open on Saturday at 22:30': { openAt: saturdayNight },
  'the same within 15 km': { openAt: saturdayNight, near: { ...alba, kilometres: 15 } },
  'words, free, near and open': {
    typed: 'famiglia',
    free: true,
    near: { ...alba, kilometres: 15 },
    openAt: new Date('2026-06-10T10:00:00+02:00'),
  },
}

const runs = 5

/** Times each search in the network with a short name. */
export async function timeSearches(url: string, slug: string): Promise<TimedSearch[]> {
  const { prisma, close } = await connect({ url })
  try {
    const { id } = await prisma.network.findUniqueOrThrow({ where: { slug } })
    const timed: TimedSearch[] = []
    for (const [name, { typed, ...filter }] of Object.entries(searches)) {
      const read = async () => ({ ...filter, words: typed === undefined ? null : await readWords(prisma, id, typed) })
      const times: number[] = []
      for (let run = -2; run < runs; run += 1) {
        const started = performance.now()
        await searchServices(prisma, id, await read(), { size: 20, backward: false })
        if (run >= 0) times.push(performance.now() - started)
      }
      const median = times.sort((a, b) => a - b)[Math.floor(runs / 2)]!
      const { total } = await countFound(prisma, id, await read(), ['total'])
      timed.push({ name, found: total, milliseconds: median })
    }
    return timed
  } finally {
    await close()
  }
}
