import { encodeHex } from '../../src/bytes/hex.js'
import { deriveContactId } from '../../src/crypto/derive.js'
import { nobleProvider } from '../../src/crypto/noble-provider.js'
import { contactLineOver } from '../../src/driver/contact-line.js'
import type { Clock } from '../../src/ports/clock.js'
import type { LinkedCall, ContactLine, LineListener, LineIdentity } from '../../src/ports/contact-line.js'
import type { TunnelDialer } from '../../src/ports/tunnel-dialer.js'

/** A line that is open. */
export interface Registered {
  readonly registration: LineIdentity
  readonly listener: LineListener
}

/** A tunnel service whose contact lines are watched. */
export interface ContactService {
  readonly dialer: TunnelDialer
  readonly line: ContactLine
  /** The contacts that came to phones. */
  readonly contacts: readonly LinkedCall[]
  /** The registrations that there are, by contact ID in hex. */
  readonly registered: ReadonlyMap<string, Registered>
}

export function contactService(dialer: TunnelDialer, clock: Clock): ContactService {
  const registered = new Map<string, Registered>()
  const contacts: LinkedCall[] = []
  const inner = contactLineOver({ dialer, clock })
  const line: ContactLine = {
    open(registration, listener) {
      const name = encodeHex(deriveContactId(nobleProvider, registration.key))
      const own: Registered = { registration, listener }
      const forget = (): void => {
        if (registered.get(name) === own) registered.delete(name)
      }
      const opened = inner.open(registration, {
        reachable: () => {
          registered.set(name, own)
          listener.reachable()
        },
        call: contact => {
          contacts.push(contact)
          return listener.call(contact)
        },
        failed: error => {
          forget()
          listener.failed(error)
        },
      })
      return {
        stop: async () => {
          forget()
          await opened.stop()
        },
      }
    },
  }
  return { dialer, line, contacts, registered }
}
