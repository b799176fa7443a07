/** The moments that a request may ask about. */
import { z } from 'zod'

/** For the description of an argument. */
export const momentRange = 'in the years 1 to 9998'

/** Rule of an argument: years that the calendar has, and that four digits can tell in any time zone. */
export const momentRule = z
  .date()
  .min(new Date('0001-01-01T00:00:00Z'), momentRange)
  .max(new Date('9998-12-31T23:59:59.999Z'), momentRange)
