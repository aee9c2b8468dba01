/**
 * Traces of ceremonies that are safe to share: written as they happen, and read again. Runs wherever the roles do.
 * @module
 */
export { createTrace, TRACE_MAX_BYTES } from './trace/create-trace.js'
export type { Trace, TraceOptions } from './trace/create-trace.js'
export { readTrace } from './trace/read-trace.js'
export type { ReadRun, ReadSession, SessionEvent } from './trace/read-trace.js'
export type * from './trace/records.js'
export type { SystemCode } from './trace/system-codes.js'
export type { TraceListener, SessionTrace, TracedSession } from './driver/session-trace.js'
