/**
 * Traces of ceremonies that are safe to share, written as they happen and read again; and recordings with all secrets, which can be
 * played again. Runs wherever the roles do.
 * @module
 */
export { createTrace, TRACE_MAX_BYTES } from './trace/create-trace.js'
export type { Trace, TraceOptions } from './trace/create-trace.js'
export { readTrace } from './trace/read-trace.js'
export type { ReadRun, ReadSession, SessionEvent } from './trace/read-trace.js'
export { recordSessions } from './trace/record-sessions.js'
export type { Recording, RecordingOptions } from './trace/record-sessions.js'
export { replay } from './trace/replay.js'
export type { Departure, ReplayedSession } from './trace/replay.js'
export type * from './trace/records.js'
export type { SystemCode } from './trace/system-codes.js'
export type { SessionParts, SessionTrace, TracedSession, TraceListener } from './driver/session-trace.js'
