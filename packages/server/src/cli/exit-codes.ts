/** Exit codes other than 0, done, and 1, refused. */

/** A check found something. */
export const foundCode = 3

/** An import left something out, as asked. */
export const leftOutCode = 3
