import { MemoryCredentialStore } from '../../adapters/stores/memory-credential-store.js'
import type { PhoneHandler } from '../../ports/ctap-handler.js'
import { alwaysApprove } from '../../virtual/consent.js'
import { VirtualAuthenticator } from '../../virtual/virtual-authenticator.js'
import type { Lab, LabPhoneOptions } from '../lab.js'
import type { ClientMisbehaviour, PhoneMisbehaviour } from './catalogue.js'
import { CLIENT_BEHAVIOURS } from './client-behaviours.js'
import { PlayedClient } from './client.js'
import type { ClientBehaviour } from './client.js'
import { PHONE_BEHAVIOURS } from './phone-behaviours.js'
import { PlayedPhone } from './phone.js'
import type { PhoneBehaviour } from './phone.js'

/** A phone that misbehaves. */
export interface MisbehavingPhone {
  /** Answers a QR code in its own way; settles when its tunnel is over. */
  scan(text: string): Promise<void>
}

/** A laptop that misbehaves. */
export interface MisbehavingClient {
  /** What its QR code says; the phone that scans it meets this laptop. */
  readonly qrText: string
  /** Settles when its tunnel is over; never for one that does not connect. */
  readonly over: Promise<void>
}

/**
 * A phone in a lab that misbehaves in one way, and is decent up to there.
 * @param how one of `PHONE_MISBEHAVIOURS`, or what it does at which moment.
 * @param options those of `lab.phone()`: with the store of a decent phone it has its passkeys; with `dataChannel: 'ble'` it takes a data
 * channel in place of a tunnel.
 *
 * @example
 * import assert from 'node:assert/strict'
 *
 * const phone = misbehavingPhone(lab, 'answer-other-rp')
 * const created = lab.client().create(creationOptions, { origin, onQr: qr => phone.scan(qr.url) })
 * await assert.rejects(created, { code: 'response-invalid' })
 */
export function misbehavingPhone(
  { surroundings }: Lab,
  how: PhoneMisbehaviour | PhoneBehaviour,
  options: LabPhoneOptions = {},
): MisbehavingPhone {
  const behaviour = { ...(typeof how === 'string' ? PHONE_BEHAVIOURS[how] : how), ...channelOf(options) }
  const handler = handlerOf(surroundings, options)
  return { scan: text => new PlayedPhone(surroundings, behaviour, handler, text).over }
}

/**
 * A laptop in a lab that misbehaves in one way, and is decent up to there: it registers a passkey.
 * @param how one of `CLIENT_MISBEHAVIOURS`, or what it does at which moment.
 * @param options with `dataChannel: 'ble'` it offers and dials a data channel in place of a tunnel.
 *
 * @example
 * import assert from 'node:assert/strict'
 *
 * const { qrText } = misbehavingClient(lab, 'message-1-repeated')
 * await assert.rejects(lab.phone().scan(qrText), { code: 'decrypt-failed' })
 */
export function misbehavingClient(
  { surroundings }: Lab,
  how: ClientMisbehaviour | ClientBehaviour,
  options: Pick<ClientBehaviour, 'dataChannel'> = {},
): MisbehavingClient {
  const behaviour = typeof how === 'string' ? CLIENT_BEHAVIOURS[how] : how
  return new PlayedClient(surroundings, { ...behaviour, ...options })
}

/** What is played has one way: a phone with `auto` has its tunnel. */
function channelOf({ dataChannel }: LabPhoneOptions): Pick<PhoneBehaviour, 'dataChannel'> {
  return dataChannel === 'ble' ? { dataChannel } : {}
}

function handlerOf({ crypto, random }: Lab['surroundings'], options: LabPhoneOptions): PhoneHandler {
  const { store = new MemoryCredentialStore(), consent = alwaysApprove(), handler } = options
  return handler ?? new VirtualAuthenticator({ crypto, random, ...options, store, consent })
}
