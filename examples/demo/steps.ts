import type { ProgressEvent, ServeEvent } from 'fido-hybrid'
import type { TunnelServiceEvent } from 'fido-hybrid/service'
import type { VirtualEvent } from 'fido-hybrid/virtual'
import type { Step } from './narrator.js'

/** What the two devices do together. */
export type Ceremony = 'registration' | 'sign-in' | 'linked-sign-in'

const LAPTOP_WORDS: Partial<Record<ProgressEvent['event'], string>> = {
  'qr-shown': 'shows the QR code',
  scanning: 'listens for the phone’s advert (simulated radio)',
  'advert-seen': 'opens the advert: its phone has read this code and is near (simulated radio)',
  'tunnel-connecting': 'dials the tunnel service over TLS',
  'tunnel-connected': 'is in the tunnel',
  handshake: 'sends Noise message 1',
  connected: 'has Noise message 2 and the phone’s introduction: a CTAP2 device',
  linked: 'remembers the phone: the next time needs no QR code',
  'awaiting-user': 'waits for the phone’s user',
  response: 'has the answer',
  closed: 'says goodbye and is out of the tunnel',
}

const PHONE_WORDS: Partial<Record<ProgressEvent['event'], string>> = {
  'tunnel-connecting': 'dials the tunnel service over TLS',
  'tunnel-connected': 'has a tunnel of its own',
  advertising: 'advertises where its tunnel is, encrypted (simulated radio)',
  handshake: 'sends Noise message 2',
  connected: 'introduces itself',
  linked: 'lets the laptop remember it',
  'request-received': 'gets the request',
  'awaiting-user': 'asks its user',
  response: 'sends the answer',
  closed: 'is out of the tunnel',
}

const COMMAND: Record<Ceremony, string> = {
  registration: 'asks for a new passkey (CTAP2 makeCredential)',
  'sign-in': 'asks for a signature (CTAP2 getAssertion)',
  'linked-sign-in': 'asks for a signature (CTAP2 getAssertion)',
}

const LINKED_ADVERT = 'opens the advert: its phone has been called and is near (simulated radio)'

/** A step of a device, from its progress. */
export function deviceStep({ event, role, proximity }: ProgressEvent, ceremony: Ceremony): Step {
  const facts = { ceremony, proximity }
  const [who, vocabulary] =
    role === 'client' ? (['laptop', LAPTOP_WORDS] as const) : (['phone', PHONE_WORDS] as const)
  const special: Partial<Record<ProgressEvent['event'], string>> = {
    'request-sent': COMMAND[ceremony],
    ...(ceremony === 'linked-sign-in' && role === 'client' && { 'advert-seen': LINKED_ADVERT }),
  }
  const words = special[event] ?? vocabulary[event] ?? event
  return { who, event, words, facts }
}

const SERVE_WORDS: Readonly<Record<ServeEvent['event'], string>> = {
  reachable: 'waits for calls of the laptops that remember it',
  'line-lost': 'is out of reach',
  call: 'is called by a laptop that remembers it: no QR code this time',
  declined: 'declines the call',
  served: 'has served the laptop',
  failed: 'could not serve the laptop',
  dropped: 'drops the call',
}

/** A step of a phone that serves its links. */
export function serveStep({ event }: ServeEvent): Step {
  return { who: 'phone', event, words: SERVE_WORDS[event], facts: { ceremony: 'linked-sign-in' } }
}

/** A step of the phone’s software authenticator. */
export function passkeyStep({ event, rpId, userName }: VirtualEvent): Step {
  const deed = event === 'registered' ? 'keeps a new passkey' : 'signs with the passkey'
  return { who: 'phone', event, words: `${deed} of ${userName} for ${rpId}`, facts: { rpId, userName } }
}

/** A step of the tunnel service. */
export function serviceStep(event: TunnelServiceEvent): Step {
  const who = 'service'
  switch (event.type) {
    case 'tunnel-ringing':
      return tunnelStep(event, `rings a linked phone for tunnel ${event.tunnel}`)
    case 'tunnel-opened':
      return tunnelStep(event, `opens tunnel ${event.tunnel}`)
    case 'tunnel-joined':
      return tunnelStep(event, `lets the other side into tunnel ${event.tunnel}`)
    case 'tunnel-ended':
      return tunnelStep(event, `ends tunnel ${event.tunnel}: ${event.reason}`)
    case 'refused':
      return {
        who,
        event: 'refused',
        words: `refuses with status ${event.status}`,
        facts: { status: event.status },
      }
    case 'phone-reachable':
      return { who, event: event.type, words: `lets linked laptops reach phone ${event.phone}`, facts: {} }
    case 'phone-left':
      return { who, event: event.type, words: `loses phone ${event.phone}: ${event.reason}`, facts: {} }
    case 'call-failed':
      return { who, event: event.type, words: `cannot ask for a phone: ${event.error.message}`, facts: {} }
    case 'directory-up':
      return { who, event: event.type, words: 'reaches its directory', facts: {} }
    case 'directory-down':
    case 'directory-warning':
      return { who, event: event.type, words: event.error.message, facts: {} }
    case 'directory-asked':
      return { who, event: event.type, words: `asks other instances: ${event.answer}`, facts: {} }
    case 'connection-dropped':
      return { who, event: event.type, words: `drops a connection: ${event.reason}`, facts: {} }
    case 'descriptors-short':
      return {
        who,
        event: event.type,
        words: `has room for ${event.connections} connections only`,
        facts: {},
      }
    case 'listener-failed':
      return { who, event: event.type, words: `cannot listen: ${event.error.message}` }
  }
}

function tunnelStep({ type, tunnel }: { type: string; tunnel: number }, words: string): Step {
  return { who: 'service', event: type, words, facts: { tunnel } }
}
