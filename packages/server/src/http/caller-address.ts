/** The address from which somebody asks, as far as it can be known. */
import type { IncomingMessage } from 'node:http'
import { isIP, isIPv6 } from 'node:net'

/**
 * What tells one caller without a credential from another: an IPv4 address, or the /64 of an IPv6 address, which one household
 * has to itself. Behind proxies, each adds to X-Forwarded-For whom it heard, so the entry that the outermost of ours added is
 * the caller; what stands before it, anybody may have written. The text is for counting, never for a log.
 */
export function callerAddress({ headers, socket }: IncomingMessage, trustedProxies: number): string {
  const heard = socket.remoteAddress ?? ''
  if (trustedProxies === 0) return blockOf(heard)
  const told = [headers['x-forwarded-for']].flat().join(',').split(',')
  const entry = withoutPort(told.at(-trustedProxies)?.trim() ?? '')
  return blockOf(isIP(entry) === 0 ? heard : entry)
}

// Some proxies write the port too: 192.0.2.1:4711 or [2001:db8::1]:4711.
function withoutPort(text: string): string {
  return /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text
}

function blockOf(address: string): string {
  const [bare = ''] = address.split('%')
  const mapped = /^::ffff:([\d.]+)$/i.exec(bare)?.[1]
  if (mapped !== undefined || !isIPv6(bare)) return mapped ?? bare
  const [before = '', after = ''] = new URL(`http://[${bare}]`).hostname.slice(1, -1).split('::')
  const groups = (part: string) => (part === '' ? [] : part.split(':'))
  const [first, last] = [groups(before), groups(after)]
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => '0')
  return [...first, ...zeros, ...last].slice(0, 4).join(':')
}
