import assert from 'node:assert/strict'
import { isIP } from 'node:net'
import { encodeUtf8 } from '../../../src/bytes/utf8.js'
import { forwardedFor } from '../../../src/service/forwarded.js'
import { readProxyHeader } from '../../../src/service/proxy-header.js'
import type { Trial } from '../target.js'

const VERSION_2 = Buffer.from(
  '\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\x02\x01\x7f\0\0\x01\x01\0\x02\0',
  'latin1',
)
const MAX_HOPS = 32

/** A whole header is read the same whatever follows, is partial until its last byte, and names an address or nobody. */
function proxyHeader(input: Uint8Array): void {
  const bytes = Buffer.from(input)
  const header = readProxyHeader(bytes)
  if (typeof header === 'string') return
  assert.ok(header.byteLength > 0 && header.byteLength <= bytes.length)
  assert.ok(header.client === undefined || isIP(header.client) !== 0)
  assert.deepEqual(readProxyHeader(bytes.subarray(0, header.byteLength)), header)
  assert.equal(readProxyHeader(bytes.subarray(0, header.byteLength - 1)), 'partial')
}

/** What is read can be written again in the older way. */
function forwarded(input: Uint8Array): void {
  const text = Buffer.from(input).toString('latin1')
  for (const headers of [{ forwarded: text }, { 'x-forwarded-for': text }]) {
    const row = forwardedFor(headers)
    if (row === undefined || row === 'malformed') continue
    assert.ok(row.length > 0 && row.length <= MAX_HOPS)
    assert.deepEqual(forwardedFor({ 'x-forwarded-for': row.join() }), row)
  }
}

/** What proxies say of whom they speak for. */
export const PROXIED: readonly Trial[] = [
  { seeds: [VERSION_2, encodeUtf8('PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n')], run: proxyHeader },
  { seeds: ['for="[2001:db8::1]:80", for=_a;by=b', '192.0.2.1, ::1'].map(encodeUtf8), run: forwarded },
]
