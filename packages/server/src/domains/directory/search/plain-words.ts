/** The words of what somebody typed. */

/** The words of a text, in their order: without signs, case and the accents of Latin letters. */
export function plainWords(text: string): string[] {
  // In other scripts a mark may make another letter, as it does of the Cyrillic и and й.
  const plain = text
    .normalize('NFD')
    .replace(/(\p{Script=Latin})\p{M}+/gu, '$1')
    .normalize('NFC')
  return plain.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
}
