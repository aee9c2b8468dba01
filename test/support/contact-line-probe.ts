import type { HybridError } from '../../src/errors.js'
import type { Contact, ContactListener, ContactReply } from '../../src/ports/contact-line.js'
import { takeNotes } from './probe.js'

type LineEventSeen =
  { type: 'reachable' } | { type: 'contact'; contact: Contact } | { type: 'failed'; error: HybridError }

/** A listener of a contact line that writes down what it hears, and answers every contact alike. */
export interface ContactLineProbe extends ContactListener {
  readonly seen: readonly LineEventSeen[]
  /** The next event that has not been taken yet. */
  next(): Promise<LineEventSeen>
}

export function contactLineProbe(
  answer: (contact: Contact) => ContactReply | Promise<ContactReply> = () => 'ringing',
): ContactLineProbe {
  const { seen, note, next } = takeNotes<LineEventSeen>()
  return {
    seen,
    next,
    reachable: () => {
      note({ type: 'reachable' })
    },
    contact: contact => {
      note({ type: 'contact', contact })
      return answer(contact)
    },
    failed: error => {
      note({ type: 'failed', error })
    },
  }
}
