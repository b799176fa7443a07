/** Short names of networks, which stand in addresses. */

// Names that stand for something else where a network's would: the collections of the HSDS API.
const taken = new Set(['services', 'organizations', 'taxonomies', 'taxonomy_terms', 'service_at_locations'])

/** Whether a text can be the short name of a network: small letters, digits and single hyphens. */
export function isSlug(text: string): boolean {
  return /^[a-z0-9]+(-[a-z0-9]+)*$/.test(text) && !taken.has(text)
}

export const slugRule = 'small letters, digits and single hyphens, and no collection of HSDS such as services'
