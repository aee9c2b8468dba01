import { systemRandom } from '../../src/adapters/system.js'
import { tunnelId } from '../../src/bytes/brands.js'
import { decodeHex, encodeHex } from '../../src/bytes/hex.js'
import { deriveContactId } from '../../src/crypto/derive.js'
import { nobleProvider } from '../../src/crypto/noble-provider.js'
import { TunnelError } from '../../src/errors.js'
import type {
  Contact,
  ContactLine,
  ContactListener,
  ContactRegistration,
} from '../../src/ports/contact-line.js'
import type { Tunnel, TunnelDialer, TunnelListener, TunnelRequest } from '../../src/ports/tunnel-dialer.js'
import { decodeRoutingId, ROUTING_ID_HEADER } from '../../src/tunnel/headers.js'
import { parseTunnelPath } from '../../src/tunnel/path.js'
import { newTunnelUrl } from '../../src/tunnel/url.js'

/** A line that is open, from the service’s side. */
interface Registered {
  readonly registration: ContactRegistration
  readonly listener: ContactListener
}

/** A tunnel service with contacts, in memory: any relay, and phones that are registered with it. */
export interface ContactService {
  readonly dialer: TunnelDialer
  readonly line: ContactLine
  /** The client payloads that were passed on, in upper-case hex. */
  readonly payloads: readonly string[]
  /** The contacts that were passed on. */
  readonly contacts: readonly Contact[]
  /** The registrations that there are. */
  readonly registered: ReadonlyMap<string, Registered>
}

/** @param relay serves `new` and `connect`. */
export function contactService(relay: TunnelDialer): ContactService {
  const registered = new Map<string, Registered>()
  const revoked = new Set<string>()
  const payloads: string[] = []
  const contacts: Contact[] = []
  const nameOf = (key: ContactRegistration['key']): string => encodeHex(deriveContactId(nobleProvider, key))

  const line: ContactLine = {
    open(registration, listener) {
      const name = nameOf(registration.key)
      const own: Registered = { registration, listener }
      let isOpen = true
      queueMicrotask(() => {
        if (!isOpen) return
        for (const key of registration.revoked) revoked.add(nameOf(key))
        registered.set(name, own)
        listener.registered()
      })
      return {
        stop: () => {
          isOpen = false
          if (registered.get(name) === own) registered.delete(name)
          return Promise.resolve()
        },
      }
    },
  }

  /** The client’s leg is a new tunnel of the relay, which the phone then connects to. */
  function contactLeg(name: string, request: TunnelRequest, listener: TunnelListener): Tunnel {
    const id = tunnelId(systemRandom.bytes(16))
    const payload = request.headers['X-caBLE-Client-Payload'] ?? ''
    const ring = async (headers: ReadonlyMap<string, readonly string[]>): Promise<void> => {
      const routingId = decodeRoutingId(headers.get(ROUTING_ID_HEADER.toLowerCase()))
      const contact = { routingId, tunnelId: id, clientPayload: decodeHex(payload) }
      payloads.push(payload)
      contacts.push(contact)
      const phone = registered.get(name)
      const status =
        phone === undefined ? 404 : (await phone.listener.contact(contact)) === 'gone' ? 410 : 101
      if (status === 101) listener.open(new Map())
      else listener.failed(refusal(revoked.has(name) ? 410 : status))
    }
    return relay.dial(
      { ...request, url: newTunnelUrl(new URL(request.url).origin.replace('null', 'wss://x'), id) },
      {
        open: headers => void ring(headers),
        message: bytes => listener.message(bytes),
        closed: end => listener.closed(end),
        failed: error => listener.failed(error),
      },
    )
  }

  return {
    line,
    payloads,
    contacts,
    registered,
    dialer: {
      dial(request, listener) {
        const path = parseTunnelPath(new URL(request.url).pathname)
        return path.kind === 'contact'
          ? contactLeg(encodeHex(path.contactId), request, listener)
          : relay.dial(request, listener)
      },
    },
  }
}

function refusal(status: number): TunnelError {
  const code = status === 410 ? 'tunnel-gone' : 'tunnel-refused'
  return new TunnelError(code, `the tunnel service answered ${status}`, { status })
}
