import type { HybridError } from '../../src/errors.js'
import type { LinkedCall, LineListener, CallReply } from '../../src/ports/contact-line.js'
import { takeNotes } from './probe.js'

type LineEventSeen =
  { type: 'reachable' } | { type: 'contact'; contact: LinkedCall } | { type: 'failed'; error: HybridError }

/** A listener of a contact line that writes down what it hears, and answers every contact alike. */
export interface ContactLineProbe extends LineListener {
  readonly seen: readonly LineEventSeen[]
  /** The next event that has not been taken yet. */
  next(): Promise<LineEventSeen>
}

export function contactLineProbe(
  answer: (contact: LinkedCall) => CallReply | Promise<CallReply> = () => 'ringing',
): ContactLineProbe {
  const { seen, note, next } = takeNotes<LineEventSeen>()
  return {
    seen,
    next,
    reachable: () => {
      note({ type: 'reachable' })
    },
    call: contact => {
      note({ type: 'contact', contact })
      return answer(contact)
    },
    failed: error => {
      note({ type: 'failed', error })
    },
  }
}
