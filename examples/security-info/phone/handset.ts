import { HybridAuthenticator, LocalClient } from 'fido-hybrid'
import type {
  CredentialStore,
  TransactionOutcome,
  CtapHandler,
  HybridAuthenticatorOptions,
  PhoneIdentityStore,
} from 'fido-hybrid'
import { VirtualAuthenticator } from 'fido-hybrid/virtual'
import type { Consent, PhoneProfileName, VirtualEvent, VirtualWallet } from 'fido-hybrid/virtual'
import { LossyDialer } from './lossy-dialer.js'

/** What every phone of the demo shares. */
export type HandsetParts = Omit<HybridAuthenticatorOptions, 'handler'>

/** Where one phone keeps its things. */
export interface HandsetStores {
  readonly passkeys: CredentialStore
  /** By what laptops know it. */
  readonly identity: PhoneIdentityStore
}

/** Hears what a phone does. */
interface HandsetListener {
  event(event: VirtualEvent): void
  /** A CTAP2 command was answered with a status, or with the end of the connection. */
  answered(command: number | undefined, status: number | undefined): void
  /** Whether the client has said goodbye, or was cut off. */
  concluded(outcome: TransactionOutcome): void
}

/** One phone: its passkeys, its manners, its connection. */
export interface Handset {
  readonly store: CredentialStore
  readonly authenticator: VirtualAuthenticator
  /** For other devices. */
  readonly role: HybridAuthenticator
  /** For its own browser and apps. */
  readonly local: LocalClient
  /** Whether laptops can remember it. */
  readonly canBeRemembered: boolean
  readonly dialer: LossyDialer
}

/** A phone’s own things. */
export interface HandsetOptions {
  readonly profile: PhoneProfileName
  /** What laptops call it. */
  readonly name: string
  readonly stores: HandsetStores
  /** Beside the passkeys. */
  readonly wallet: VirtualWallet
  readonly consent: Consent
  readonly listener: HandsetListener
}

/** Makes a phone. */
export function makeHandset(
  parts: HandsetParts,
  { profile, name, stores: { passkeys: store, identity }, wallet, consent, listener }: HandsetOptions,
): Handset {
  const { random, crypto } = parts
  const onEvent = (event: VirtualEvent): void => listener.event(event)
  const authenticator = new VirtualAuthenticator({ profile, store, wallet, consent, random, crypto, onEvent })
  const dialer = new LossyDialer(parts.dialer)
  const handler = listenedTo(authenticator, listener)
  const canBeRemembered = authenticator.updates !== 'never'
  const linking = canBeRemembered ? { store: identity, name } : undefined
  return {
    store,
    authenticator,
    role: new HybridAuthenticator({ ...parts, dialer, handler, linking }),
    local: new LocalClient({ authenticator: handler, crypto }),
    canBeRemembered,
    dialer,
  }
}

function listenedTo(authenticator: VirtualAuthenticator, listener: HandsetListener): CtapHandler {
  return {
    features: authenticator.features,
    commands: authenticator.commands,
    updates: authenticator.updates,
    handleJson: authenticator.handleJson,
    getInfo: () => authenticator.getInfo(),
    concluded: async (outcome, signal) => {
      await authenticator.concluded(outcome, signal)
      listener.concluded(outcome)
    },
    handle: async (request, context) => {
      const response = await authenticator.handle(request, context)
      listener.answered(request[0], response?.[0])
      return response
    },
  }
}
