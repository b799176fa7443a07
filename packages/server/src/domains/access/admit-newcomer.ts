/**
 * How many people a minute may begin in a network. A key costs nothing, and neither does saying that one is a citizen, so
 * without a bound whoever likes could fill the database with people. What bounds them can't know who comes: no address is
 * stored or looked at. So they are counted: those of a minute who come as citizens, and those who come through each
 * organization, whose grant anybody who has it may use as often as they like for its quarter of an hour. Counts are kept in
 * the database, since there may be several servers, by its clock, and say nothing of who.
 *
 * Only newcomers are counted: who was here before, and has something to find, is let in whatever else happens. A flood can
 * shut out newcomers of its own kind for as long as it lasts, and what it leaves goes at the end of the month, for nothing
 * hangs on it (see retention.ts).
 *
 * A row could also be made only when something is first kept. A session would then have to bring what makes the row, for an
 * hour after its person was erased as well; and a flood would go on to what is kept, which costs more than a row.
 */
import type { Transaction } from '../../database/connect.ts'
import { Refused } from '../../refused.ts'

/** New people a minute: citizens of a network, and those that come through an organization. */
export const mostNewcomers = { citizens: 120, ofOrganization: 300 }

/** More people began this minute than may. */
export class TooManyNewcomers extends Refused {
  constructor(retryAfter: number) {
    super(
      'TOO_MANY_NEWCOMERS',
      `Many people come for the first time at this moment. Try again in ${retryAfter} seconds; who was here before need not wait.`,
      [],
      retryAfter,
    )
  }
}

/**
 * Counts one who begins, through an organization or, when null, as a citizen, as soon as the transaction commits. Until
 * then others who begin alike wait. Throws {@link TooManyNewcomers}.
 */
export async function admitNewcomer(tx: Transaction, networkId: string, organizationId: string | null): Promise<void> {
  const through = organizationId ?? networkId
  const most = organizationId === null ? mostNewcomers.citizens : mostNewcomers.ofOrganization
  // A transaction that waited may have begun in an earlier minute than the one before it.
  const admitted = await tx.$executeRaw`
    INSERT INTO newcomers AS kept (through, network_id, minute, came)
    VALUES (${through}::uuid, ${networkId}::uuid, date_trunc('minute', now()), 1)
    ON CONFLICT (through) DO UPDATE SET
      minute = greatest(kept.minute, excluded.minute),
      came = CASE WHEN kept.minute < excluded.minute THEN 1 ELSE kept.came + 1 END
    WHERE kept.minute < excluded.minute OR kept.came < ${most}`
  if (admitted > 0) return
  const [{ seconds }] = await tx.$queryRaw<[{ seconds: number }]>`
    SELECT greatest(1, ceil(extract(epoch FROM minute + interval '1 minute' - now())))::integer AS seconds
    FROM newcomers WHERE through = ${through}::uuid`
  throw new TooManyNewcomers(seconds)
}
