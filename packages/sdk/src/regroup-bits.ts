/** The same bits, most significant first, in groups of another size; zeros fill the last group. */
export function regroupBits(groups: readonly number[], from: number, to: number): number[] {
  const regrouped: number[] = []
  let bits = 0
  let count = 0
  for (const group of groups) {
    bits = (bits << from) | group
    for (count += from; count >= to; ) {
      count -= to
      regrouped.push(bits >> count)
      bits &= (1 << count) - 1
    }
  }
  if (count > 0) regrouped.push(bits << (to - count))
  return regrouped
}
