import { HybridClient, LocalClient } from 'fido-hybrid'
import type {
  CeremonyOptions,
  CredentialStore,
  DigitalCredentialOptions,
  HybridClientOptions,
  Link,
  LinkStore,
  Timeouts,
} from 'fido-hybrid'
import { VirtualAuthenticator } from 'fido-hybrid/virtual'
import type { UnknownCredentialOptions } from 'fido-hybrid/virtual'
import { Ceremonies } from '../ceremony/ceremonies.js'
import type { PageSettings } from '../ceremony/ceremony.js'
import { harmless } from '../prompt/harmless.js'
import { PageConsent } from '../prompt/page-consent.js'
import type { CeremonyAnswer, CeremonyWish, Finding, PasskeyWish } from '../wire/ceremony.js'
import type { KnownPhone } from '../wire/laptop.js'

/** What a laptop is made of. */
export interface LaptopOptions extends HybridClientOptions {
  /** Its own passkeys. */
  readonly store: CredentialStore
  /** The phones that it remembers. */
  readonly links: LinkStore
  readonly timeouts?: Partial<Timeouts> | undefined
}

/**
 * The program on the laptop that does for its pages what a browser does: in an Electron program this is the main process,
 * and its routes are the IPC.
 */
export class Laptop {
  readonly ceremonies: Ceremonies = new Ceremonies((wish, settings) => this.#perform(wish, settings))
  /** Its own question to its user, whom the page shows it to. */
  readonly consent: PageConsent = new PageConsent(prompt => this.ceremonies.current?.feed.change({ prompt }))
  readonly #hybrid: HybridClient
  readonly #local: LocalClient
  readonly #authenticator: VirtualAuthenticator
  readonly #timeouts: Partial<Timeouts> | undefined

  constructor({ store, timeouts, ...options }: LaptopOptions) {
    const { random, crypto, publicSuffixes } = options
    this.#authenticator = new VirtualAuthenticator({ store, consent: this.consent, random, crypto })
    this.#hybrid = new HybridClient(options)
    this.#local = new LocalClient({ authenticator: this.#authenticator, crypto, publicSuffixes })
    this.#timeouts = timeouts
  }

  /** Looks whether a phone could be reached right now. */
  ready(): Promise<readonly Finding[]> {
    return this.#hybrid.ready()
  }

  /** The phones that need no QR code, oldest first. */
  async knownPhones(): Promise<readonly KnownPhone[]> {
    const links = await this.#hybrid.links()
    return links.map(link => ({ id: idOf(link), name: harmless(link.name) }))
  }

  /** Forgets a phone, which is not told. @returns whether it was known. */
  async forgetPhone(id: string): Promise<boolean> {
    const link = await this.#link(id)
    return link !== undefined && (await this.#hybrid.forget(link))
  }

  /** The QR code on the screen, as PNG file bytes. */
  get screen(): Uint8Array | undefined {
    return this.ceremonies.current?.picture
  }

  signalUnknownCredential(options: UnknownCredentialOptions): Promise<void> {
    return this.#authenticator.signalUnknownCredential(options)
  }

  /** Settles when nothing is going on any more. */
  close(): Promise<void> {
    return this.ceremonies.close()
  }

  #perform(wish: CeremonyWish, settings: PageSettings): Promise<CeremonyAnswer> {
    return wish.kind === 'digital'
      ? this.#askForCard(wish.options, settings)
      : this.#usePasskey(wish, settings)
  }

  async #askForCard(
    options: DigitalCredentialOptions,
    { onResponse, ...settings }: PageSettings,
  ): Promise<CeremonyAnswer> {
    const answer = await this.#hybrid.getDigital(options, { ...settings, timeouts: this.#timeouts })
    await onResponse(answer)
    return answer
  }

  async #usePasskey(wish: PasskeyWish, { onQr, ...settings }: PageSettings): Promise<CeremonyAnswer> {
    if (wish.device === 'this-device')
      return wish.kind === 'create'
        ? this.#local.create(wish.options, settings)
        : this.#local.get(wish.options, settings)
    const link = wish.link === undefined ? undefined : await this.#link(wish.link)
    const options: CeremonyOptions = {
      ...settings,
      timeouts: this.#timeouts,
      ...(link === undefined ? { onQr } : { link }),
    }
    return wish.kind === 'create'
      ? this.#hybrid.create(wish.options, options)
      : this.#hybrid.get(wish.options, options)
  }

  async #link(id: string): Promise<Link | undefined> {
    const links = await this.#hybrid.links()
    return links.find(link => idOf(link) === id)
  }
}

function idOf({ linkId }: Link): string {
  return Buffer.from(linkId).toString('base64url')
}
