import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contactId, routingId, tunnelId } from '../../src/bytes/brands.js'
import { decodeHex, encodeHex } from '../../src/bytes/hex.js'
import { formatTunnelPath, parseTunnelPath } from '../../src/tunnel/path.js'
import type { TunnelPath } from '../../src/tunnel/path.js'
import { connectTunnelUrl, contactTunnelUrl, newTunnelUrl, registerUrl } from '../../src/tunnel/url.js'
import { atEveryTruncation, refuses, survivesAnyText } from '../support/decoder.js'
import { cases, onlyCase, refused, taken } from '../support/cases.js'

interface PathCase {
  readonly path: string
  readonly kind?: string
  readonly tunnelId?: string
  readonly routingId?: string
  readonly contactId?: string
}

const paths = cases<PathCase>('tunnel-path', 'paths')
const valid = taken(paths)
const stateAssisted = onlyCase<{ contactUrl: string }>('linking', 'stateAssisted')
const adverts = cases<{ connectUrl?: string; routingId: string }>('eid', 'adverts')

describe('parseTunnelPath', () => {
  it.each(valid)('reads $path', vector => {
    const path = parseTunnelPath(vector.path)
    expect(path.kind).toBe(vector.kind)
    if ('tunnelId' in path) expect(encodeHex(path.tunnelId)).toBe(vector.tunnelId)
    if ('routingId' in path) expect(encodeHex(path.routingId)).toBe(vector.routingId)
    if ('contactId' in path) expect(encodeHex(path.contactId)).toBe(vector.contactId)
    atEveryTruncation(vector.path, parseTunnelPath)
    // What is left of a contact ID may be one.
    if (path.kind === 'contact') return
    for (let length = 0; length < vector.path.length; length++) {
      refuses(() => parseTunnelPath(vector.path.slice(0, length)), 'tunnel-path-malformed')
    }
  })

  it.each(refused(paths))('refuses $path', ({ path, error }) => {
    refuses(() => parseTunnelPath(path), error)
  })

  it.each([
    ['nothing', ''],
    ['a query', `${valid[0]?.path ?? ''}?x`],
    ['a line feed behind', `${valid[0]?.path ?? ''}\n`],
    ['another kind', '/cable/old/00112233445566778899aabbccddeeff'],
    ['two contact IDs', '/cable/contact/YQ/YQ'],
    ['a contact ID with left-over bits', '/cable/contact/YR'],
    ['a contact ID of 1025 bytes', `/cable/contact/${'A'.repeat(1366)}A`],
    ['something before the path', `x${valid[0]?.path ?? ''}`],
  ])('refuses %s', (_, path) => {
    refuses(() => parseTunnelPath(path), 'tunnel-path-malformed')
  })

  it('survives any text', () => {
    const part = fc.oneof(fc.constantFrom('', 'cable', 'new', 'connect', 'contact', 'register'), fc.string())
    survivesAnyText(
      parseTunnelPath,
      fc.array(part).map(parts => `/cable/${parts.join('/')}`),
    )
  })
})

describe('formatTunnelPath', () => {
  it('writes hex in upper case, and base64url as it is', () => {
    for (const { path, kind } of valid) {
      if (kind !== 'new' && kind !== 'connect') {
        expect(formatTunnelPath(parseTunnelPath(path))).toBe(path)
        continue
      }
      const upper = formatTunnelPath(parseTunnelPath(path))
      expect(upper.toLowerCase()).toBe(path.toLowerCase())
      expect(upper.replaceAll(/\/cable\/|new|connect/g, '')).toMatch(/^[0-9A-F/]+$/)
    }
  })

  it('writes what parseTunnelPath reads', () => {
    const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
      fc.uint8Array({ minLength: length, maxLength: length })
    const path: fc.Arbitrary<TunnelPath> = fc.oneof(
      bytes(16).map(id => ({ kind: 'new' as const, tunnelId: tunnelId(id) })),
      fc.tuple(bytes(3), bytes(16)).map(([routing, tunnel]) => ({
        kind: 'connect' as const,
        routingId: routingId(routing),
        tunnelId: tunnelId(tunnel),
      })),
      fc.uint8Array({ minLength: 1, maxLength: 1024 }).map(id => ({
        kind: 'contact' as const,
        contactId: contactId(id),
      })),
      fc.constant({ kind: 'register' as const }),
    )
    fc.assert(
      fc.property(path, value => {
        expect(parseTunnelPath(formatTunnelPath(value))).toEqual(value)
      }),
    )
  })
})

describe('tunnel URLs', () => {
  const tunnel = tunnelId(decodeHex('95074c89b06c2eb6bd4d79566d38dbf0'))

  it('lead where the iOS trace went, in upper case', () => {
    const { connectUrl = '', routingId: routing = '' } = adverts[0] ?? {}
    const url = connectTunnelUrl('wss://cable.auth.com', routingId(decodeHex(routing)), tunnel)
    expect(url).toBe('wss://cable.auth.com/cable/connect/4D5888/95074C89B06C2EB6BD4D79566D38DBF0')
    expect(url.toLowerCase()).toBe(connectUrl)
  })

  it('ask for a new tunnel', () => {
    expect(newTunnelUrl('wss://cable.ua5v.com', tunnel)).toBe(
      'wss://cable.ua5v.com/cable/new/95074C89B06C2EB6BD4D79566D38DBF0',
    )
  })

  it('ask for a linked phone', () => {
    const contact = contactId(new TextEncoder().encode('contact-id-token'))
    expect(contactTunnelUrl('wss://cable.ua5v.com', contact)).toBe(stateAssisted.contactUrl)
  })

  it('take a base that ends in a slash', () => {
    expect(newTunnelUrl('ws://127.0.0.1:8080/', tunnel)).toBe(
      'ws://127.0.0.1:8080/cable/new/95074C89B06C2EB6BD4D79566D38DBF0',
    )
  })

  it('ask for a contact line', () => {
    expect(registerUrl('wss://127.0.0.1:4433/')).toBe('wss://127.0.0.1:4433/cable/register')
  })
})
