import type { Who } from '../narrator.js'
import type { Told } from './run.js'

/** Whose line a beat stands on. */
export type Lane = 'laptop' | 'service' | 'phone'

/** What carries it: light, radio, TLS to the tunnel service, or what is encrypted between both devices. */
export type Way = 'sight' | 'radio' | 'tls' | 'sealed'

/** A step of the run that is drawn: at one device, or from one to another. */
export interface Beat {
  readonly who: Who
  readonly event: string
  readonly words: string
  readonly at: Lane
  readonly to?: Lane
  readonly way?: Way
}

/** What is drawn of the registration, in its order. */
const BEATS: readonly Beat[] = [
  { who: 'relying-party', event: 'registration-asked', at: 'laptop', words: 'A site wants a passkey' },
  { who: 'laptop', event: 'qr-shown', at: 'laptop', words: 'shows a QR code' },
  { who: 'phone', event: 'qr-scanned', at: 'laptop', to: 'phone', way: 'sight', words: 'reads the QR code' },
  { who: 'service', event: 'tunnel-opened', at: 'phone', to: 'service', way: 'tls', words: 'opens a tunnel' },
  {
    who: 'laptop',
    event: 'advert-seen',
    at: 'phone',
    to: 'laptop',
    way: 'radio',
    words: 'Bluetooth advert: where the tunnel is, and that the phone is near',
  },
  {
    who: 'service',
    event: 'tunnel-joined',
    at: 'laptop',
    to: 'service',
    way: 'tls',
    words: 'joins the tunnel',
  },
  { who: 'laptop', event: 'handshake', at: 'laptop', to: 'phone', way: 'sealed', words: 'Noise message 1' },
  {
    who: 'phone',
    event: 'handshake',
    at: 'phone',
    to: 'laptop',
    way: 'sealed',
    words: 'Noise message 2: from here on encrypted end to end',
  },
  {
    who: 'laptop',
    event: 'request-sent',
    at: 'laptop',
    to: 'phone',
    way: 'sealed',
    words: 'CTAP2: make a passkey',
  },
  { who: 'phone', event: 'awaiting-user', at: 'phone', words: 'asks its user' },
  { who: 'phone', event: 'registered', at: 'phone', words: 'keeps the new passkey' },
  {
    who: 'laptop',
    event: 'response',
    at: 'phone',
    to: 'laptop',
    way: 'sealed',
    words: 'CTAP2: its public key',
  },
  { who: 'relying-party', event: 'registered', at: 'laptop', words: 'The site verifies it' },
]

/**
 * The beats with the times that a run gives them, from the first beat on.
 * @throws Error when the run lacks one, or has it out of order.
 */
export function beatsOf(run: readonly Told[]): (Beat & { readonly ms: number })[] {
  let next = 0
  const found = BEATS.map(({ who, event }) => {
    const at = run.findIndex((told, index) => index >= next && told.who === who && told.event === event)
    const told = run[at]
    if (told === undefined) throw new Error(`the run has no ${who} ${event} in its place`)
    next = at + 1
    return told.elapsedMs
  })
  const [start = 0] = found
  return BEATS.map((beat, index) => ({ ...beat, ms: (found[index] ?? start) - start }))
}
