import { DecodeError } from '../errors.js'
import { TRACE_MAX_BYTES } from './create-trace.js'
import { isTraceRecord } from './record-fields.js'
import type { FailureRecord, RunRecord, SessionRecord, TraceAbout, TraceRecord } from './records.js'

/** The most letters of a line. */
export const TRACE_LINE_MAX = 4096

/** A record of something that happened in a session. */
export type SessionEvent = Extract<TraceRecord, { readonly ms: number }>

/** One session of a trace. */
export interface ReadSession extends Omit<SessionRecord, 'type' | 'session'> {
  /** What happened, in order. */
  readonly events: readonly SessionEvent[]
}

/** What one run of a program left in a trace. */
export interface ReadRun {
  readonly about: TraceAbout
  /** In the order in which they began. */
  readonly sessions: readonly ReadSession[]
  /** The error that the program ended with; undefined after a success, or where it was killed. */
  readonly failure: Omit<FailureRecord, 'type'> | undefined
  /** Whether the trace was full, so that the rest is missing. */
  readonly isFull: boolean
}

/** A run that is being read. */
interface OpenRun {
  readonly about: TraceAbout
  readonly sessions: (ReadSession & { readonly events: SessionEvent[] })[]
  failure: ReadRun['failure']
  isFull: boolean
}

/**
 * Reads a trace, which may come from anybody. A last line without its end, as a program leaves that is killed, is dropped.
 * @param text JSON Lines, at most 1 MiB.
 * @returns the runs, oldest first; at least one.
 * @throws DecodeError `json-malformed`, which names the line, for text that is not of the format.
 *
 * @example
 * import { readFileSync } from 'node:fs'
 *
 * for (const { sessions } of readTrace(readFileSync('trace.jsonl', 'utf8'))) console.log(sessions.length)
 */
export function readTrace(text: string): readonly ReadRun[] {
  if (text.length > TRACE_MAX_BYTES) throw malformed(`it has more than ${TRACE_MAX_BYTES} bytes`)
  const runs: OpenRun[] = []
  text
    .split('\n')
    .slice(0, -1)
    .forEach((line, index) => take(recordOf(line, index + 1), runs, index + 1))
  if (runs.length === 0) throw malformed('it is empty')
  return runs
}

/** Whether a text begins as a trace does. */
export function looksLikeTrace(text: string): boolean {
  return text.startsWith('{"type":"trace"')
}

function recordOf(line: string, number: number): TraceRecord {
  if (line.length > TRACE_LINE_MAX) throw malformed(`line ${number} has more than ${TRACE_LINE_MAX} letters`)
  const record = parsed(line)
  if (isTraceRecord(record)) return record
  throw malformed(`line ${number} is no record of its format`)
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function take(record: TraceRecord, runs: OpenRun[], number: number): void {
  if (record.type === 'trace') return void runs.push(openRun(record))
  const run = runs.at(-1)
  if (run === undefined) throw malformed('it begins without a record "trace"')
  if (record.type === 'full') run.isFull = true
  else if (record.type === 'failure') run.failure = { name: record.name, errors: record.errors }
  else if (record.type === 'session') openSession(record, run, number)
  else happen(record, run, number)
}

function openRun({ type: _, format: __, ...about }: RunRecord): OpenRun {
  return { about, sessions: [], failure: undefined, isFull: false }
}

function openSession(
  { type: _, session, ...about }: SessionRecord,
  { sessions }: OpenRun,
  number: number,
): void {
  if (session !== sessions.length + 1) throw malformed(`line ${number} has a session out of order`)
  sessions.push({ ...about, events: [] })
}

function happen(record: SessionEvent, { sessions }: OpenRun, number: number): void {
  const events = sessions[record.session - 1]?.events
  if (events === undefined) throw malformed(`line ${number} names a session that has not begun`)
  if ((events.at(-1)?.ms ?? 0) > record.ms) throw malformed(`line ${number} goes back in time`)
  events.push(record)
}

function malformed(why: string): DecodeError {
  return new DecodeError('json-malformed', `this is no trace that can be read: ${why}`)
}
