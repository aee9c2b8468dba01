import { readFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import * as errors from '../src/errors.js'
import { ERROR_CATALOGUE, HybridError } from '../src/errors.js'
import type { ErrorEntry, ErrorKind } from '../src/errors.js'

type Library = typeof errors

/** One of each class, made by the given copy of the library. */
function oneOfEach(library: Library): Readonly<Record<ErrorKind, HybridError>> {
  return {
    usage: new library.UsageError('aborted', 'the caller gave up'),
    decode: new library.DecodeError('hex-malformed', 'odd'),
    protocol: new library.ProtocolError('decrypt-failed', 'forged'),
    handshake: new library.HandshakeError('handshake-failed', 'a stranger'),
    tunnel: new library.TunnelError('tunnel-refused', 'no', { status: 404, stage: 'tunnel' }),
    proximity: new library.ProximityError('scan-failed', 'deaf'),
    deadline: new library.DeadlineError('advert', 'too late'),
    unsupported: new library.UnsupportedError('package-missing', 'absent'),
    ctap: new library.CtapError(0x19, 'ERR_CREDENTIAL_EXCLUDED'),
    store: new library.StoreError('store-locked', 'taken'),
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

test('whatever is no error of this library is no instance', () => {
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
