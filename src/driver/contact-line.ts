import * as CLOSE_CODE from '../bytes/close-code.js'
import { HybridError, ProtocolError, TunnelError, UsageError } from '../errors.js'
import type { Clock } from '../ports/clock.js'
import type {
  LinkedCall,
  ContactLine,
  LineListener,
  LineIdentity,
  OpenContactLine,
} from '../ports/contact-line.js'
import type { Tunnel, TunnelClosed, TunnelDialer } from '../ports/tunnel-dialer.js'
import {
  CLOSE_REPLACED,
  CLOSE_REVOKED,
  decodeServiceFrame,
  encodePhoneFrame,
  MAX_REVOKED_KEYS,
} from '../tunnel/contact-frames.js'
import type { PhoneFrame, ServiceFrame } from '../tunnel/contact-frames.js'
import { tunnelRequest } from '../tunnel/request.js'
import { registerUrl } from '../tunnel/url.js'
import { checkedTunnelUrl } from './tunnel-url.js'

/** From the line’s opening to the service’s frame `registered`. */
const REGISTERED_WITHIN_MS = 30_000
/** Pings sent in the time that the service allows a line to be silent. */
const PINGS_PER_LIMIT = 3
/** How many calls may wait for the listener’s answer; further calls are answered with `busy`. */
const MAX_CONTACTS_AT_ONCE = 16

/** What a contact line is made of. */
export interface ContactLineOptions {
  readonly dialer: TunnelDialer
  readonly clock: Clock
}

/**
 * Keeps a line to our own tunnel service over any dialer (frames: tunnel/contact-frames.ts). A line that the service does not
 * answer is given up within the silence limit that the service names, 60 s unless set otherwise.
 *
 * `open` throws UsageError `argument-invalid` for an address or a list of keys that is not valid, and TunnelError
 * `tunnel-insecure`. `failed` gets TunnelError `contact-line-replaced`, `contact-key-revoked`, `tunnel-limit`,
 * `contact-line-lost` or what the dialer says, DecodeError `contact-frame-malformed`, ProtocolError `message-unexpected`.
 *
 * @example
 * const identity = { url: 'wss://tunnel.example.com', key: lineKey(random.bytes(32)), revoked: [] }
 * const line = contactLineOver({ dialer, clock }).open(identity, {
 *   reachable: () => console.log('linked laptops can reach this phone'),
 *   call: ({ clientPayload }) => (decodeClientPayload(clientPayload).requestType === 'ga' ? 'ringing' : 'busy'),
 *   failed: ({ code }) => console.log(code, 'open another line later'),
 * })
 * await line.stop()
 */
export function contactLineOver(options: ContactLineOptions): ContactLine {
  return {
    open: (identity, listener) => new DialledContactLine(options, identity, listener),
  }
}

class DialledContactLine implements OpenContactLine {
  readonly #clock: Clock
  readonly #listener: LineListener
  readonly #tunnel: Tunnel
  #isRegistered = false
  #isOver = false
  #silenceLimitMs = REGISTERED_WITHIN_MS
  #heardAt = 0
  #askedAt = 0
  #contacts = 0
  #cancelAlarm = (): void => undefined

  constructor({ dialer, clock }: ContactLineOptions, identity: LineIdentity, listener: LineListener) {
    this.#clock = clock
    this.#listener = listener
    const { key, revoked } = identity
    if (revoked.length > MAX_REVOKED_KEYS)
      throw new UsageError(
        'argument-invalid',
        `revoked must have at most ${MAX_REVOKED_KEYS} keys, not ${revoked.length}`,
      )
    const url = registerUrl(checkedTunnelUrl(identity.url) ?? '')
    this.#tunnel = dialer.dial(tunnelRequest(url), {
      open: () => {
        this.#heardAt = clock.now()
        this.#send({ type: 'register', key, revoked })
        this.#setAlarm()
      },
      message: bytes => this.#receive(bytes),
      closed: end => this.#fail(closed(end)),
      failed: error => this.#fail(error),
    })
  }

  stop(): Promise<void> {
    this.#end()
    return this.#tunnel.close()
  }

  #receive(bytes: Uint8Array): void {
    if (this.#isOver) return
    const frame = readFrame(bytes)
    if ('type' in frame) this.#obey(frame)
    else this.#fail(frame)
  }

  #obey(frame: ServiceFrame): void {
    if ((frame.type === 'registered') === this.#isRegistered) {
      this.#fail(
        new ProtocolError('message-unexpected', `contact line: ${frame.type} came at the wrong time`),
      )
      return
    }
    this.#heardAt = this.#clock.now()
    if (frame.type === 'registered') this.#registered(frame.silenceLimitMs)
    if (frame.type === 'contact') void this.#ask(frame)
  }

  #registered(silenceLimitMs: number): void {
    this.#isRegistered = true
    this.#silenceLimitMs = silenceLimitMs
    this.#askedAt = this.#heardAt
    this.#setAlarm()
    this.#listener.reachable()
  }

  async #ask({ routingId, tunnelId, clientPayload }: LinkedCall): Promise<void> {
    if (this.#contacts >= MAX_CONTACTS_AT_ONCE) {
      this.#send({ type: 'reply', tunnelId, reply: 'busy' })
      return
    }
    this.#contacts++
    try {
      const reply = await this.#listener.call({ routingId, tunnelId, clientPayload })
      this.#send({ type: 'reply', tunnelId, reply })
    } catch {
      // No answer: the service tells the client so when it has waited long enough.
    } finally {
      this.#contacts--
    }
  }

  #send(frame: PhoneFrame): void {
    if (!this.#isOver) this.#tunnel.send(encodePhoneFrame(frame))
  }

  #setAlarm(): void {
    this.#cancelAlarm()
    if (this.#isOver) return
    const ends = [this.#silenceEnd(), this.#nextPing()]
    this.#cancelAlarm = this.#clock.setAlarm(Math.min(...ends), () => this.#wake())
  }

  #wake(): void {
    const now = this.#clock.now()
    if (now >= this.#silenceEnd()) {
      this.#fail(
        new TunnelError('contact-line-lost', `the service was silent for ${this.#silenceLimitMs} ms`),
      )
      return
    }
    if (now >= this.#nextPing()) {
      this.#askedAt = now
      this.#send({ type: 'ping' })
    }
    this.#setAlarm()
  }

  #silenceEnd(): number {
    return this.#heardAt + this.#silenceLimitMs
  }

  #nextPing(): number {
    return this.#isRegistered ? this.#askedAt + this.#silenceLimitMs / PINGS_PER_LIMIT : Infinity
  }

  #fail(error: HybridError): void {
    if (this.#isOver) return
    this.#end()
    void this.#tunnel.close()
    this.#listener.failed(error)
  }

  #end(): void {
    this.#isOver = true
    this.#cancelAlarm()
  }
}

function readFrame(bytes: Uint8Array): ServiceFrame | HybridError {
  try {
    return decodeServiceFrame(bytes)
  } catch (error) {
    if (error instanceof HybridError) return error
    throw error
  }
}

/** The reason that the service gives is left out: it is text from outside. */
function closed({ code: closeCode }: TunnelClosed): TunnelError {
  switch (closeCode) {
    case CLOSE_REPLACED:
      return new TunnelError('contact-line-replaced', 'a newer line has the same key', { closeCode })
    case CLOSE_REVOKED:
      return new TunnelError('contact-key-revoked', 'the service knows the key as revoked', { closeCode })
    case CLOSE_CODE.policy:
      return new TunnelError('tunnel-limit', 'the service closed the line: one of its limits is reached', {
        closeCode,
      })
    default:
      return new TunnelError('contact-line-lost', `the service closed the line (${closeCode})`, { closeCode })
  }
}
