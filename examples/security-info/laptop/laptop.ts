import { HybridClient, LocalClient } from 'fido-hybrid'
import type { CredentialStore, HybridClientOptions, Timeouts } from 'fido-hybrid'
import { VirtualAuthenticator } from 'fido-hybrid/virtual'
import type { UnknownCredentialOptions } from 'fido-hybrid/virtual'
import { PageConsent } from '../prompt/page-consent.js'
import type { CeremonyWish, Finding } from '../wire/laptop.js'
import type { PromptAnswer } from '../wire/prompt.js'
import { Ceremony } from './ceremony.js'
import type { Clients } from './ceremony.js'

/** What a laptop is made of. */
export interface LaptopOptions extends HybridClientOptions {
  /** Its own passkeys. */
  readonly store: CredentialStore
  readonly timeouts?: Partial<Timeouts> | undefined
}

/**
 * The program on the laptop that does for its pages what a browser does: in an Electron program this is the main process,
 * and `routes.ts` its IPC. One ceremony at a time.
 */
export class Laptop {
  readonly #clients: Clients
  readonly #authenticator: VirtualAuthenticator
  readonly #consent = new PageConsent(prompt => this.#ceremony?.feed.change({ prompt }))
  #ceremony: Ceremony | undefined

  constructor({ store, timeouts, ...options }: LaptopOptions) {
    const { random, crypto, publicSuffixes } = options
    this.#authenticator = new VirtualAuthenticator({ store, consent: this.#consent, random, crypto })
    this.#clients = {
      hybrid: new HybridClient(options),
      local: new LocalClient({ authenticator: this.#authenticator, crypto, publicSuffixes }),
      timeouts,
    }
  }

  /** Looks whether a phone could be reached right now. */
  ready(): Promise<readonly Finding[]> {
    return this.#clients.hybrid.ready()
  }

  /** Starts a ceremony, in the place of the one before. @param origin of the page that asks. */
  async start(wish: CeremonyWish, origin: string): Promise<Ceremony> {
    await this.#ceremony?.cancel()
    this.#ceremony = new Ceremony(this.#clients, wish, origin)
    return this.#ceremony
  }

  find(id: string): Ceremony | undefined {
    return this.#ceremony?.id === id ? this.#ceremony : undefined
  }

  /** The QR code on the screen, as PNG file bytes. */
  get screen(): Uint8Array | undefined {
    return this.#ceremony?.picture
  }

  /** This computer’s user has decided. @returns false when the question does not stand any more. */
  answer(promptId: string, answer: PromptAnswer): boolean {
    return this.#consent.answer(promptId, answer)
  }

  signalUnknownCredential(options: UnknownCredentialOptions): Promise<void> {
    return this.#authenticator.signalUnknownCredential(options)
  }

  /** Settles when nothing is going on any more. */
  async close(): Promise<void> {
    await this.#ceremony?.cancel()
  }
}
