import { deferred } from '../../async/deferred.js'
import { equalBytes } from '../../bytes/bytes.js'
import type { CeremonyOptions, ConnectOptions } from '../../client/ceremony.js'
import type { DigitalCeremonyOptions } from '../../client/digital-ceremony.js'
import type { HybridClient } from '../../client/hybrid-client.js'
import type { CredentialClient } from '../../credentials/credential-client.js'
import type { DigitalCredentialOptions } from '../../digital/digital-request.js'
import type { DigitalCredentialResponse } from '../../digital/digital-response.js'
import type { ProgressEvent, ProgressListener } from '../../driver/progress.js'
import { TunnelError, UsageError } from '../../errors.js'
import type { Link } from '../../ports/link-store.js'
import type { AuthenticationResponseJSON, RequestOptionsInput } from '../../webauthn/authentication-json.js'
import type { CreationOptionsInput, RegistrationResponseJSON } from '../../webauthn/registration-json.js'
import type { PagePhone } from './page-phone.js'

/** A laptop that remembers phones: while one of these is held, passkeys are asked of it without a QR code. */
export class LinkingLaptop implements CredentialClient {
  readonly attachment = 'cross-platform' as const
  readonly #client: HybridClient
  readonly #heldPhone: () => PagePhone | undefined
  readonly #linkIds = new Map<PagePhone, Link['linkId']>()
  readonly #ended = new AbortController()

  constructor(client: HybridClient, heldPhone: () => PagePhone | undefined) {
    this.#client = client
    this.#heldPhone = heldPhone
  }

  async create(options: CreationOptionsInput, ceremony: CeremonyOptions): Promise<RegistrationResponseJSON> {
    return await this.#client.create(options, await this.#byLink(ceremony))
  }

  async get(options: RequestOptionsInput, ceremony: CeremonyOptions): Promise<AuthenticationResponseJSON> {
    return await this.#client.get(options, await this.#byLink(ceremony))
  }

  getDigital(
    options: DigitalCredentialOptions,
    ceremony: DigitalCeremonyOptions,
  ): Promise<DigitalCredentialResponse> {
    return this.#client.getDigital(options, ceremony)
  }

  createDigital(
    options: DigitalCredentialOptions,
    ceremony: DigitalCeremonyOptions,
  ): Promise<DigitalCredentialResponse> {
    return this.#client.createDigital(options, ceremony)
  }

  /** Has the phone scan a QR code, remembers it, and has it wait for calls until `end()`. */
  async link(phone: PagePhone, onProgress: ProgressListener | undefined): Promise<void> {
    const before = await this.#client.links()
    const error = await this.#meet(phone, onProgress)
    const after = await this.#client.links()
    const link = after.find(({ linkId }) => !before.some(known => equalBytes(known.linkId, linkId)))
    if (link === undefined)
      throw error ?? new UsageError('argument-invalid', 'the laptop of this page keeps no links')
    if (!this.#linkIds.has(phone)) await serving(phone, this.#ended.signal)
    this.#linkIds.set(phone, link.linkId)
  }

  /** Phones stop waiting for calls. */
  end(): void {
    this.#ended.abort()
  }

  /** @returns why the phone was not linked, if the laptop asked for that. */
  async #meet(phone: PagePhone, onProgress: ProgressListener | undefined): Promise<Error | undefined> {
    const { promise: outcome, resolve: concluded } = deferred<Error | undefined>()
    const scanning = new AbortController()
    let scanned: Promise<unknown> = Promise.resolve()
    const options: ConnectOptions = {
      signal: scanning.signal,
      onProgress: progress => {
        if (isConclusion(progress)) concluded(progress.error)
        onProgress?.(progress)
      },
      onQr: ({ url }) => {
        scanned = phone.scan(url, { remember: true }).catch((error: unknown) => {
          // Nothing but the link was wanted.
          if (error instanceof TunnelError && error.code === 'peer-closed') return
          scanning.abort()
          throw error
        })
        scanned.catch(() => undefined)
      },
    }
    try {
      const connection = await this.#client.connect(options)
      await connection.close()
    } finally {
      await scanned
    }
    // Without a link of its own the phone was not asked for one.
    return (await phone.links()).length === 0 ? undefined : await outcome
  }

  /** A link that one side gave up leads nowhere. The laptop then forgets it. */
  async #byLink(ceremony: CeremonyOptions): Promise<CeremonyOptions> {
    const phone = this.#heldPhone()
    const linkId = phone && this.#linkIds.get(phone)
    if (linkId === undefined) return ceremony
    const link = (await this.#client.links()).find(each => equalBytes(each.linkId, linkId))
    return link === undefined ? ceremony : { ...ceremony, link }
  }
}

function isConclusion({ event }: ProgressEvent): boolean {
  return event === 'linked' || event === 'not-linked'
}

/** Settles when clients can find the phone. */
async function serving(phone: PagePhone, signal: AbortSignal): Promise<void> {
  const { promise: reachable, resolve, reject } = deferred<undefined>()
  phone.serve({ signal, onEvent: ({ event }) => event === 'reachable' && resolve(undefined) }).catch(reject)
  await reachable
}
