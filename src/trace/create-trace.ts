import type { TraceListener, SessionTrace, TracedSession } from '../driver/session-trace.js'
import { WebAuthnError } from '../webauthn/webauthn-error.js'
import { tracedErrors } from './errors.js'
import { isTraceRecord } from './record-fields.js'
import { SessionRecorder } from './recorder.js'
import { TRACE_FORMAT } from './records.js'
import type { TraceAbout, TraceRecord } from './records.js'

/** The most that a trace has, bytes: all of its lines, those of other runs in the same file too. */
export const TRACE_MAX_BYTES = 1_048_576

/** How a trace is kept, and what the program says of itself in it: what the format has no word for is left out. */
export interface TraceOptions extends Partial<Record<keyof TraceAbout, string | undefined>> {
  /**
   * Keeps one line: ASCII, with its line break. Called as things happen, so that a program that is killed leaves a trace that can be
   * read. When it throws, nothing more is written, and the ceremony goes on.
   */
  readonly write: (line: string) => void
  /** How long the file is that the lines go behind, bytes; 0 unless given. */
  readonly written?: number | undefined
}

/** A trace that is safe to share: it holds times, sizes, statuses and words of the format, and nothing else. */
export interface Trace extends SessionTrace {
  /** Notes the error that the caller ends up with: one before a session, or what was wrong with its answer. */
  failed(error: unknown): void
}

/**
 * Keeps a trace of ceremonies: what happened when, which sizes and statuses it had, what the phone says it can do, and the codes of
 * errors. No key, code, name, RP ID, origin or URL is in it: a record is written only if each of its members is a number within
 * bounds or a word of the format’s list. At 1 MiB it says that it is full.
 *
 * @example
 * const lines: string[] = []
 * const trace = createTrace({ write: line => lines.push(line) })
 * await client.create(creationOptions, { origin, onQr, trace })
 */
export function createTrace({ write, written = 0, ...about }: TraceOptions): Trace {
  const writer = new TraceWriter(write, written)
  writer.write({ type: 'trace', format: TRACE_FORMAT, ...knownOf(about) })
  let sessions = 0
  return {
    begin: (session: TracedSession): TraceListener => {
      sessions += 1
      return new SessionRecorder(sessions, session, record => writer.write(record))
    },
    failed: (error: unknown): void => {
      const name = error instanceof WebAuthnError ? { name: error.name } : {}
      const told = error instanceof WebAuthnError ? error.cause : error
      writer.write({ type: 'failure', ...name, errors: tracedErrors(told) })
    },
  }
}

function knownOf(about: Partial<Record<keyof TraceAbout, string | undefined>>): TraceAbout {
  const fits = ([name, value]: readonly [string, unknown]): boolean =>
    isTraceRecord({ type: 'trace', format: TRACE_FORMAT, [name]: value })
  return Object.fromEntries(Object.entries(about).filter(fits))
}

const FULL = lineOf({ type: 'full' })

class TraceWriter {
  readonly #write: (line: string) => void
  #left: number
  #isOver = false

  constructor(write: (line: string) => void, written: number) {
    this.#write = write
    this.#left = TRACE_MAX_BYTES - FULL.length - written
  }

  /** What is not of the format is left out: a trace that says too little does less harm than one that says too much. */
  write(record: TraceRecord): void {
    if (this.#isOver || !isTraceRecord(record)) return
    const line = lineOf(record)
    this.#isOver = line.length > this.#left
    this.#left -= line.length
    try {
      this.#write(this.#isOver ? FULL : line)
    } catch {
      this.#isOver = true
    }
  }
}

function lineOf(record: TraceRecord): string {
  return `${JSON.stringify(record)}\n`
}
