/** The address of an API, whole: in a page it may be given relative to the page. */
export function wholeAddress(endpoint: string): string {
  try {
    return new URL(endpoint, globalThis.location?.href).href
  } catch (cause) {
    const example = 'Give a whole one, such as https://welfare.example.org/graphql.'
    throw new TypeError(`endpoint: "${endpoint}" is not an address. ${example}`, { cause })
  }
}
