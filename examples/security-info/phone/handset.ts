import { HybridAuthenticator } from 'fido-hybrid'
import type { CredentialStore, CtapHandler, HybridAuthenticatorOptions } from 'fido-hybrid'
import { VirtualAuthenticator } from 'fido-hybrid/virtual'
import type { Consent, PhoneProfileName, VirtualEvent } from 'fido-hybrid/virtual'
import { LossyDialer } from './lossy-dialer.js'

/** What every phone of the demo shares. */
export type HandsetParts = Omit<HybridAuthenticatorOptions, 'handler'>

/** Hears what a phone does. */
interface HandsetListener {
  event(event: VirtualEvent): void
  /** A CTAP2 command was answered with a status, or with the end of the connection. */
  answered(command: number | undefined, status: number | undefined): void
}

/** One phone: its passkeys, its manners, its connection. */
export interface Handset {
  readonly store: CredentialStore
  readonly authenticator: VirtualAuthenticator
  readonly role: HybridAuthenticator
  readonly dialer: LossyDialer
}

/** A phone’s own things. */
export interface HandsetOptions {
  readonly profile: PhoneProfileName
  readonly store: CredentialStore
  readonly consent: Consent
  readonly listener: HandsetListener
}

/** Makes a phone. */
export function makeHandset(
  parts: HandsetParts,
  { profile, store, consent, listener }: HandsetOptions,
): Handset {
  const { random, crypto } = parts
  const onEvent = (event: VirtualEvent): void => listener.event(event)
  const authenticator = new VirtualAuthenticator({ profile, store, consent, random, crypto, onEvent })
  const dialer = new LossyDialer(parts.dialer)
  const handler = listenedTo(authenticator, listener)
  return { store, authenticator, dialer, role: new HybridAuthenticator({ ...parts, dialer, handler }) }
}

function listenedTo(authenticator: VirtualAuthenticator, listener: HandsetListener): CtapHandler {
  return {
    features: authenticator.features,
    commands: authenticator.commands,
    getInfo: () => authenticator.getInfo(),
    concluded: (outcome, signal) => authenticator.concluded(outcome, signal),
    handle: async (request, context) => {
      const response = await authenticator.handle(request, context)
      listener.answered(request[0], response?.[0])
      return response
    },
  }
}
