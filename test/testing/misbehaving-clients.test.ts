import { expect, test } from 'vitest'
import {
  alwaysRefuse,
  CLIENT_MISBEHAVIOURS,
  createLab,
  misbehavingClient,
  VirtualClock,
} from '../../src/testing.js'
import type { ClientMisbehaviour, LabPhoneOptions } from '../../src/testing.js'
import type { Consent } from '../../src/virtual.js'
import { endOf } from '../support/ceremony-ends.js'

/** How the phone ends that has scanned the QR code of a misbehaving laptop, and whether its new passkey counts. */
async function ends(how: ClientMisbehaviour, options: LabPhoneOptions = {}): Promise<string> {
  const clock = new VirtualClock()
  const lab = createLab({ clock })
  const phone = lab.phone(options)
  const scanning = phone.scan(misbehavingClient(lab, how).qrText)
  const end = await endOf(clock, scanning, ({ answered }) => `${answered} answered`)
  const unconfirmed = await phone.unconfirmed()
  const kept = await phone.store.list()
  return unconfirmed.length > 0 ? `${end}, unconfirmed` : kept.length > 0 ? `${end}, confirmed` : end
}

const ENDS: Readonly<Record<ClientMisbehaviour, string>> = {
  'no-connection': 'advert-timeout',
  'no-message-1': 'advert-timeout',
  'hang-up-before-message-1': 'peer-closed',
  'message-1-off-curve': 'handshake-failed',
  'message-1-zero-point': 'handshake-failed',
  'message-1-wrong-point': 'handshake-failed',
  'message-1-compressed-point': 'handshake-failed',
  'message-1-flipped-bit': 'handshake-failed',
  'message-1-short': 'handshake-failed',
  'message-1-long': 'handshake-failed',
  'message-1-empty': 'handshake-failed',
  'message-1-oversized': 'peer-closed',
  'message-1-repeated': 'decrypt-failed',
  'wrong-psk': 'handshake-failed',
  'no-request': 'request-timeout',
  'hang-up-before-request': 'peer-closed',
  'goodbye-before-request': 'peer-closed',
  'introduction-returned': 'decrypt-failed',
  'request-unsealed': 'decrypt-failed',
  'request-flipped-bit': 'decrypt-failed',
  'request-empty-frame': 'decrypt-failed',
  'request-short-frame': 'decrypt-failed',
  'request-oversized-frame': 'peer-closed',
  'request-counter-ahead': 'decrypt-failed',
  'request-counter-limit': 'decrypt-failed',
  'request-padding-missing': 'message-malformed',
  'request-padding-beyond': 'message-malformed',
  'request-padding-only': 'message-malformed',
  'request-padding-not-zeros': '1 answered, confirmed',
  'request-repeated': 'decrypt-failed',
  'asks-twice': 'message-unexpected',
  'frames-reordered': 'decrypt-failed',
  'json-message': 'message-unexpected',
  'type-unknown': 'message-malformed',
  'message-empty': 'message-malformed',
  'update-early': '1 answered, confirmed',
  'update-malformed': 'message-malformed',
  'update-bomb-depth': 'message-malformed',
  'request-empty': '1 answered',
  'request-unknown-command': '1 answered',
  'request-no-cbor': '1 answered',
  'request-bomb-depth': '1 answered',
  'request-bomb-count': '1 answered',
  'request-bomb-items': '1 answered',
  'request-bomb-length': '1 answered',
  'asks-for-every-site': '3 answered',
  'asks-again': '1 answered',
  'no-goodbye': '1 answered, unconfirmed',
  'hang-up-without-goodbye': '1 answered, unconfirmed',
}

/** The user of a phone that is asked again and again refuses, and says so. */
const PHONES: Partial<Record<ClientMisbehaviour, LabPhoneOptions>> = {
  'asks-again': { consent: alwaysRefuse('deny') },
}

const NAMES = Object.keys(ENDS) as ClientMisbehaviour[]

test.each(NAMES)('a phone that meets a client that misbehaves: %s', async name => {
  expect(await ends(name, PHONES[name]), CLIENT_MISBEHAVIOURS[name]).toBe(ENDS[name])
})

test.each([2, 3, 4])('a phone answers %i errors that its user never saw, if it may', async unseenErrors => {
  expect(await ends('asks-for-every-site', { limits: { unseenErrors } })).toBe(`${unseenErrors} answered`)
})

test.each([1, 2])(
  'a phone rings %i times for a client whose requests are refused, if it may',
  async refusals => {
    let rings = 0
    const consent: Consent = {
      ask: () => {
        rings += 1
        return Promise.resolve({ approved: false, how: 'deny' })
      },
    }
    expect(await ends('asks-again', { consent, limits: { refusals } })).toBe(`${refusals} answered`)
    expect(rings).toBe(refusals)
  },
)
