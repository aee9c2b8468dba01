import { readFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { PROXY_CURES } from '../src/adapters/proxy/failure.js'
import { refused } from '../src/adapters/sockets/failure.js'
import { ctapError } from '../src/ctap/ctap-error.js'
import { statusName } from '../src/ctap/status.js'
import * as errors from '../src/errors.js'
import { ERROR_CATALOGUE, HybridError } from '../src/errors.js'
import type { ErrorEntry, ErrorKind } from '../src/errors.js'
import { CTAP_STATUS_CURES, REFUSAL_CURES } from '../src/status-cures.js'

type Library = typeof errors

/** One of each class, made by the given copy of the library. */
function oneOfEach(library: Library): Readonly<Record<ErrorKind, HybridError>> {
  return {
    usage: new library.UsageError('aborted', 'the caller gave up'),
    decode: new library.DecodeError('hex-malformed', 'odd'),
    protocol: new library.ProtocolError('decrypt-failed', 'forged'),
    handshake: new library.HandshakeError('handshake-failed', 'a stranger'),
    tunnel: new library.TunnelError('tunnel-refused', 'no', { status: 404, stage: 'tunnel' }),
    proximity: new library.ProximityError('ble-scan-failed', 'deaf'),
    deadline: new library.DeadlineError('advert', 'too late'),
    unsupported: new library.UnsupportedError('package-missing', 'absent'),
    ctap: new library.CtapError(0x19, 'ERR_CREDENTIAL_EXCLUDED'),
    store: new library.StoreError('store-locked', 'taken'),
    wallet: new library.WalletError('wallet-refused', 'no'),
  }
}

const CLASS_OF = {
  usage: errors.UsageError,
  decode: errors.DecodeError,
  protocol: errors.ProtocolError,
  handshake: errors.HandshakeError,
  tunnel: errors.TunnelError,
  proximity: errors.ProximityError,
  deadline: errors.DeadlineError,
  unsupported: errors.UnsupportedError,
  ctap: errors.CtapError,
  store: errors.StoreError,
  wallet: errors.WalletError,
} as const satisfies Record<ErrorKind, unknown>

const kinds = Object.keys(ERROR_CATALOGUE) as ErrorKind[]

interface Entry {
  readonly heading: string
  readonly code: string
  readonly fault: string
  readonly cure: string
}

const className = (kind: ErrorKind): string => `${kind.charAt(0).toUpperCase()}${kind.slice(1)}Error`

const catalogue: Entry[] = kinds.flatMap(kind => {
  const entries: Readonly<Record<string, ErrorEntry>> = ERROR_CATALOGUE[kind]
  return Object.entries(entries).map(([code, [fault, cure]]) => ({
    heading: className(kind),
    code,
    fault,
    cure,
  }))
})

const ENTRY = /^_Fault:_ (\w+)\. _Cause:_ (\S.*\.) _Cure:_ (\S.*\.)$/

/** What the documentation says of each code, in its order. */
function documented(): Entry[] {
  const page = readFileSync(new URL('../src/errors.md', import.meta.url), 'utf8')
  return page
    .split(/^## /m)
    .slice(1)
    .flatMap(chapter => {
      const [heading = '', ...sections] = chapter.split(/^### /m)
      return sections.map(section => {
        const [code = '', text = ''] = section.split(/\n\n/)
        const [, fault = '', , cure = ''] = ENTRY.exec(text.trim()) ?? []
        return { heading: heading.trim(), code, fault, cure }
      })
    })
}

test('the documentation has every code under its class, with fault, cause and cure, and nothing else', () => {
  expect(documented()).toEqual(catalogue)
})

/** The table of cures that stands below a code. */
function documentedCures(code: string): Record<string, string> {
  const page = readFileSync(new URL('../src/errors.md', import.meta.url), 'utf8')
  const [, section = ''] = page.split(`### ${code}\n`)
  const [text = ''] = section.split(/^##/m)
  const rows = [...text.matchAll(/^\| (\S+) +\| (\S.*?) +\|$/gm)].map(([, key = '', cure = '']) => [
    key,
    cure,
  ])
  return Object.fromEntries(rows.filter(([key]) => !/^(status|-+)$/.test(key ?? ''))) as Record<
    string,
    string
  >
}

test('the documentation has the cure of every CTAP2 status and every HTTP status, and no other', () => {
  expect(documentedCures('ctap-error')).toEqual(CTAP_STATUS_CURES)
  expect(documentedCures('tunnel-refused')).toEqual(REFUSAL_CURES)
  expect(documentedCures('proxy-refused')).toEqual(PROXY_CURES)
})

test('every status byte other than success has a cure, and its error carries it', () => {
  const statuses = Array.from({ length: 255 }, (_, index) => index + 1)
  expect(new Set(statuses.map(statusName))).toEqual(new Set(Object.keys(CTAP_STATUS_CURES)))
  for (const status of statuses) expect(ctapError(status).cure).toBe(CTAP_STATUS_CURES[statusName(status)])
  expect(ctapError(0x2e).cure).toMatch(/^This phone has no passkey for this site/)
  expect(ctapError(0x19).cure).toMatch(/delete it on the phone/)
})

test.each([
  [400, '400'],
  [402, 'other'],
  [409, '409'],
  [499, 'other'],
  [500, '5xx'],
  [503, '5xx'],
])('a tunnel refused with %i has the cure of %s', (status, key) => {
  expect(refused(new URL('wss://example.com'), status)).toMatchObject({
    code: 'tunnel-refused',
    status,
    cure: REFUSAL_CURES[key],
  })
})

test('a tunnel that is gone keeps the cure of its code', () => {
  expect(refused(new URL('wss://example.com'), 410)).toMatchObject({
    code: 'tunnel-gone',
    cure: 'Scan a new QR code.',
  })
})

test('no code belongs to two classes', () => {
  expect(new Set(catalogue.map(({ code }) => code)).size).toBe(catalogue.length)
})

test.each(kinds)('a %s error says its name, code, fault and cure', kind => {
  const error = oneOfEach(errors)[kind]
  const entry = catalogue.find(({ code }) => code === error.code)
  expect(entry).toMatchObject({ heading: error.name, fault: error.fault, cure: error.cure })
  expect(error.kind).toBe(kind)
  expect(String(error)).toBe(`${className(kind)}: ${error.message}`)
})

test.each(kinds)('a %s error is an instance of its class and of HybridError, and of no other class', kind => {
  const error = oneOfEach(errors)[kind]
  expect(error).toBeInstanceOf(HybridError)
  expect(error).toBeInstanceOf(Error)
  expect(kinds.filter(each => error instanceof CLASS_OF[each])).toEqual([kind])
})

test.each(kinds)('a %s error of another copy of the library is an instance all the same', async kind => {
  vi.resetModules()
  const copy = await import('../src/errors.js')
  expect(copy.HybridError).not.toBe(HybridError)
  const error = oneOfEach(copy)[kind]
  expect(error).toBeInstanceOf(HybridError)
  expect(kinds.filter(each => error instanceof CLASS_OF[each])).toEqual([kind])
})

test('instanceof is false for other values', () => {
  const strangers = [undefined, null, 'aborted', new Error('aborted'), { kind: 'usage', code: 'aborted' }]
  expect(strangers.filter(each => each instanceof HybridError)).toEqual([])
  expect(strangers.filter(each => each instanceof errors.UsageError)).toEqual([])
})

test('what only some errors know is kept', () => {
  const { tunnel, deadline, ctap } = oneOfEach(errors)
  expect(tunnel).toMatchObject({ status: 404, stage: 'tunnel', closeCode: undefined })
  expect(deadline).toMatchObject({ stage: 'advert', code: 'advert-timeout' })
  expect(ctap).toMatchObject({ status: 0x19, statusName: 'ERR_CREDENTIAL_EXCLUDED' })
  const cause = new Error('below')
  expect(new errors.StoreError('store-unavailable', 'above', { cause }).cause).toBe(cause)
})
