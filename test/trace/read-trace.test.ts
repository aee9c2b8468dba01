import { describe, expect, it } from 'vitest'
import { TRACE_LINE_MAX } from '../../src/trace/read-trace.js'
import { readTrace, TRACE_MAX_BYTES } from '../../src/trace.js'
import { HybridError } from '../../src/errors.js'
import { thrownBy } from '../support/thrown.js'

/** The code of what reading throws; undefined when it does not. */
const codeOf = (read: () => unknown): unknown => {
  const error = thrownBy(read)
  return error instanceof HybridError ? error.code : error
}

const RUN = { type: 'trace', format: 1 }
const SESSION = { type: 'session', session: 1, role: 'client', kind: 'qr-initiated', proximity: 'bluetooth' }
const STEP = { type: 'step', session: 1, ms: 5, event: 'scanning' }
const END = { type: 'end', session: 1, ms: 9 }

const textOf = (...records: readonly object[]): string =>
  records.map(record => `${JSON.stringify(record)}\n`).join('')

describe('a trace that is read', () => {
  it('gives its runs, sessions and events', () => {
    const about = { library: '0.1.0', os: 'linux' }
    const failure = { type: 'failure', name: 'NotAllowedError', errors: [{ code: 'advert-timeout' }] }
    const text = textOf({ ...RUN, ...about }, SESSION, STEP, END, failure, RUN, { type: 'full' })
    const { type: _, session: __, ...session } = SESSION
    expect(readTrace(text)).toEqual([
      {
        about,
        sessions: [{ ...session, events: [STEP, END] }],
        failure: { name: 'NotAllowedError', errors: [{ code: 'advert-timeout' }] },
        isFull: false,
      },
      { about: {}, sessions: [], failure: undefined, isFull: true },
    ])
  })

  it('may end in the middle of a line', () => {
    const text = textOf(RUN, SESSION, STEP)
    for (let end = textOf(RUN, SESSION).length; end < text.length; end++)
      expect(readTrace(text.slice(0, end))[0]?.sessions[0]?.events).toEqual([])
  })

  it.each<[string, string]>([
    ['nothing', ''],
    ['a line without its end', JSON.stringify(RUN)],
    ['what is no JSON', 'trace\n'],
    ['another kind of JSON', '[]\n'],
    ['null', 'null\n'],
    ['no record at the beginning', textOf(SESSION)],
    ['another version', textOf({ ...RUN, format: 2 })],
    ['an unknown record', textOf(RUN, { type: 'note', text: 'x' })],
    ['a record with one member more', textOf(RUN, { ...SESSION, rpId: 'example.com' })],
    ['a record with one member less', textOf(RUN, { ...SESSION, role: undefined })],
    ['a member that is no word of the format', textOf(RUN, SESSION, { ...STEP, event: 'danced' })],
    ['a member with a prototype’s name', `{"type":"trace","format":1,"__proto__":1}\n`],
    ['a session that has not begun', textOf(RUN, STEP)],
    ['a session of another run', textOf(RUN, SESSION, RUN, STEP)],
    ['sessions out of order', textOf(RUN, { ...SESSION, session: 2 })],
    ['the same session twice', textOf(RUN, SESSION, SESSION)],
    ['time that goes back', textOf(RUN, SESSION, STEP, { ...STEP, ms: 4 })],
    ['a time that is no whole number', textOf(RUN, SESSION, { ...STEP, ms: 5.5 })],
    ['a negative time', textOf(RUN, SESSION, { ...STEP, ms: -1 })],
    ['text in place of a number', textOf(RUN, SESSION, { ...STEP, ms: '5' })],
    ['an error that nobody knows', textOf(RUN, { type: 'failure', errors: [{ code: 'ada' }] })],
    ['a version with words', textOf({ ...RUN, osVersion: '6.1.0-of-example.com' })],
    ['a line without anything', `${textOf(RUN)}\n`],
  ])('is refused: %s', (_what, text) => {
    expect(codeOf(() => readTrace(text))).toBe('json-malformed')
  })

  const sent = (ms: number, bytes: number): object => ({ type: 'sent', session: 1, ms, bytes })

  it.each<[string, (value: number) => object, number, number]>([
    ['a time', ms => sent(ms, 0), 0, 2 ** 31 - 1],
    ['a size', bytes => sent(0, bytes), 0, 2 ** 32 - 1],
    ['a close code', closeCode => ({ type: 'tunnel-closed', session: 1, ms: 0, closeCode }), 0, 65_535],
    ['a status of CTAP2', status => ({ type: 'answer', session: 1, ms: 0, bytes: 1, status }), 0, 255],
    ['an HTTP status', status => ({ type: 'failure', errors: [{ code: 'tunnel-refused', status }] }), 0, 999],
    [
      'an algorithm',
      id => ({ type: 'introduction', session: 1, ms: 0, features: [], others: 0, algorithms: [id] }),
      -(2 ** 31) + 1,
      2 ** 31 - 1,
    ],
  ])('has limits for %s', (_what, record, min, max) => {
    const codeAt = (value: number): unknown => codeOf(() => readTrace(textOf(RUN, SESSION, record(value))))
    expect([min - 1, min, min + 1, max - 1, max, max + 1].map(codeAt)).toEqual([
      'json-malformed',
      undefined,
      undefined,
      undefined,
      undefined,
      'json-malformed',
    ])
  })

  it.each<[string, (length: number) => object, number]>([
    [
      'errors of a chain',
      length => ({ type: 'failure', errors: Array.from({ length }, () => ({ code: 'aborted' })) }),
      8,
    ],
    [
      'algorithms',
      length => ({
        ...{ type: 'introduction', session: 1, ms: 0, features: [], others: 0 },
        algorithms: Array.from({ length }, () => -7),
      }),
      32,
    ],
  ])('has a limit for the number of %s', (_what, record, max) => {
    const codeAt = (length: number): unknown => codeOf(() => readTrace(textOf(RUN, SESSION, record(length))))
    expect([max - 1, max, max + 1].map(codeAt)).toEqual([undefined, undefined, 'json-malformed'])
  })

  it('has a limit for a line', () => {
    const codeAt = (length: number): unknown => {
      const line = JSON.stringify(RUN)
      return codeOf(() => readTrace(`${line.padEnd(length)}\n`))
    }
    expect([TRACE_LINE_MAX - 1, TRACE_LINE_MAX, TRACE_LINE_MAX + 1].map(codeAt)).toEqual([
      undefined,
      undefined,
      'json-malformed',
    ])
  })

  it('has a limit for the whole', () => {
    const line = `${JSON.stringify(RUN).padEnd(TRACE_LINE_MAX - 1)}\n`
    const codeAt = (length: number): unknown => {
      const text = line.repeat(Math.floor(length / line.length))
      return codeOf(() => readTrace(text.padEnd(length)))
    }
    expect([-1, 0, 1].map(more => codeAt(TRACE_MAX_BYTES + more))).toEqual([
      undefined,
      undefined,
      'json-malformed',
    ])
  })
})
