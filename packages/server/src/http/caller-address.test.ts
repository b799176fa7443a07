import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import { callerAddress } from './caller-address.ts'

function from(remoteAddress: string, proxies = 0, forwarded?: string): string {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
  return callerAddress({ headers, socket: { remoteAddress } } as unknown as IncomingMessage, proxies)
}

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:DB8:1:2::9', '2001:db8:1:2'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['::1', '0:0:0:0'],
])('%s is counted as %s', (address, counted) => {
  expect(from(address)).toBe(counted)
})

test('what a caller writes into X-Forwarded-For counts for nothing without a proxy that is trusted', () => {
  expect(from('192.0.2.1', 0, '198.51.100.7')).toBe('192.0.2.1')
})

test.each([
  ['one proxy, and what it heard', 1, '198.51.100.7', '198.51.100.7'],
  ['one proxy, and an entry that the caller made up', 1, '203.0.113.9, 198.51.100.7', '198.51.100.7'],
  ['two proxies', 2, '203.0.113.9, 198.51.100.7, 10.0.0.2', '198.51.100.7'],
  ['a port', 1, '198.51.100.7:4711', '198.51.100.7'],
  ['an IPv6 address with a port', 1, '[2001:db8:1:2::9]:4711', '2001:db8:1:2'],
  ['fewer entries than proxies', 2, '198.51.100.7', '192.0.2.1'],
  ['no entry', 1, undefined, '192.0.2.1'],
  ['what is no address', 1, 'unknown', '192.0.2.1'],
])('%s', (_, proxies, forwarded, counted) => {
  expect(from('192.0.2.1', proxies, forwarded)).toBe(counted)
})
