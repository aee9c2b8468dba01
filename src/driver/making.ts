import { attempt } from '../ports/calling.js'
import type { SessionParts, SessionTrace } from './session-trace.js'

/** Makes a part of a session, and shows what it is made of to a trace that keeps secrets. */
export function making<Parts extends SessionParts, Part>(
  trace: SessionTrace | undefined,
  make: (parts: Parts) => Part,
  parts: Parts,
): Part {
  attempt(() => trace?.made?.(parts))
  return make(parts)
}
