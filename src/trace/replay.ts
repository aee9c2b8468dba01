import type { CryptoProvider } from '../crypto/provider.js'
import { DecodeError, HybridError } from '../errors.js'
import { RECORDING_FORMAT } from './record-sessions.js'
import { recordedInput } from './recorded-input.js'
import { recordedSession } from './recorded-session.js'
import type { Machine } from './recorded-session.js'
import { PlainReader, recordingMalformed, toPlain } from './recording-codec.js'

/** The most letters that a recording may have. */
export const RECORDING_MAX_LENGTH = 67_108_864

/** The place where a session did something else than the recording says. */
export interface Departure {
  /** In the recording, from 1. */
  readonly line: number
  /** What was recorded, as JSON. */
  readonly expected: string
  /** What came, as JSON. */
  readonly actual: string
}

/** The result of replaying one session. */
export interface ReplayedSession {
  /** `client` or `authenticator`. */
  readonly role: string
  /** `qr-initiated` or `state-assisted`. */
  readonly kind: string
  /** How many inputs were given. */
  readonly steps: number
  /** The first one; undefined where all came as recorded. */
  readonly departure: Departure | undefined
}

/** A session that is being replayed. */
interface Playing {
  readonly role: string
  readonly kind: string
  readonly machine: Machine
  steps: number
  departure: Departure | undefined
}

/**
 * Plays a recording against the session machines again: the same keys, inputs and times have to give the same outputs.
 * @param text of a recording, JSON Lines. A step has all its `outputs`, or only what the session `sends`, which is how sessions of other
 * implementations are kept.
 * @throws DecodeError for a text that is not a recording; UsageError `argument-invalid` for one whose sessions cannot
 * be made.
 *
 * @example
 * import { readFileSync } from 'node:fs'
 *
 * const sessions = replay(readFileSync('recording.jsonl', 'utf8'), crypto)
 * for (const { departure } of sessions) if (departure !== undefined) console.error(departure)
 */
export function replay(text: string, crypto: CryptoProvider): readonly ReplayedSession[] {
  if (text.length > RECORDING_MAX_LENGTH)
    throw recordingMalformed(`it has more than ${RECORDING_MAX_LENGTH} letters`)
  const [head, ...records] = text.split('\n').slice(0, -1).map(recordOf)
  if (head?.text('type') !== 'recording' || head.number('format') !== RECORDING_FORMAT)
    throw recordingMalformed('its first line is another')
  const sessions: Playing[] = []
  records.forEach((record, index) => play(record, sessions, index + 2, crypto))
  return sessions.map(({ machine: _, ...told }) => told)
}

/** Whether a text begins as a recording does. */
export function looksLikeRecording(text: string): boolean {
  return text.startsWith('{"type":"recording"')
}

function recordOf(line: string, index: number): PlainReader {
  try {
    return new PlainReader(JSON.parse(line), `line ${index + 1}`)
  } catch (error) {
    if (error instanceof DecodeError) throw error
    throw recordingMalformed(`line ${index + 1} is no JSON`)
  }
}

function play(record: PlainReader, sessions: Playing[], line: number, crypto: CryptoProvider): void {
  if (record.text('type') === 'recording') return
  if (record.text('type') === 'session') {
    const machine = recordedSession(record, crypto)
    sessions.push({
      role: record.text('role'),
      kind: record.text('kind'),
      machine,
      steps: 0,
      departure: undefined,
    })
    return
  }
  const session = sessions[record.has('session') ? record.number('session') - 1 : sessions.length - 1]
  if (session === undefined) throw recordingMalformed(`line ${line} belongs to no session`)
  if (session.departure !== undefined) return
  session.steps += 1
  session.departure = departureOf(record, session.machine, line)
}

function departureOf(record: PlainReader, machine: Machine, line: number): Departure | undefined {
  const onlySends = record.has('sends')
  const expected = JSON.stringify(record.list(onlySends ? 'sends' : 'outputs'))
  const actual = outcomeOf(record, machine, onlySends)
  return actual === expected ? undefined : { line, expected, actual }
}

function outcomeOf(record: PlainReader, machine: Machine, onlySends: boolean): string {
  try {
    const outputs = machine.step(recordedInput(record.object('input')), record.number('now'))
    const told = onlySends
      ? outputs.flatMap(output => (output.type === 'send' ? [output.bytes] : []))
      : outputs
    return JSON.stringify(toPlain(told, () => undefined))
  } catch (error) {
    if (error instanceof HybridError) return error.code
    throw error
  }
}
