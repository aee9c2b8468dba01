import type { CeremonySettings } from '../client/ceremony.js'
import type { Qr } from '../client/qr.js'
import type { DigitalCredentialOptions, DigitalKind } from '../digital/digital-request.js'
import { deferred } from '../async/deferred.js'
import { UsageError } from '../errors.js'
import type { CeremonyKind } from '../webauthn/webauthn-error.js'
import { creationJson, requestJson } from './buffers.js'
import { chosenClient, creationWish, requestWish } from './client-choice.js'
import type { ChooseClient, Wish } from './client-choice.js'
import type { CredentialClient, NamedClient, PhoneOptions, RequestCeremony } from './credential-client.js'
import { readCreationRequest, readAssertionRequest, readManners } from './credential-requests.js'
import { authenticationCredential, registrationCredential } from './public-key-credential.js'
import type {
  AuthenticationCredential,
  PublicKeyCredential,
  RegistrationCredential,
} from './public-key-credential.js'
import { digitalCredential } from './digital-credential.js'
import type { DigitalCredential } from './digital-credential.js'
import { forSite, walletClients, walletOf } from './digital-requests.js'
import { forPage } from './rejections.js'
import { RequestTurn } from './request-turn.js'

/** What requests are served with. */
export interface DeskOptions {
  readonly clients: readonly NamedClient[]
  readonly chooseClient: ChooseClient | undefined
  readonly settings: CeremonySettings
  /** The class of the credentials. */
  readonly type: typeof PublicKeyCredential
}

const KIND: Readonly<Record<DigitalKind, CeremonyKind>> = { presentation: 'get', issuance: 'create' }
/** The wish of a digital request, whose options name no clients. */
const ANY: Wish = { attachment: undefined, hints: [], transports: [] }

/** Serves the requests of one container. */
export class RequestDesk {
  readonly #options: DeskOptions
  readonly #turn = new RequestTurn()

  constructor(options: DeskOptions) {
    this.#options = options
  }

  create(options: unknown): Promise<RegistrationCredential> {
    return forPage('create', async () => {
      const { publicKey, signal, mediation } = readCreationRequest(options)
      if (mediation === 'conditional')
        throw new UsageError('options-unsatisfiable', 'no passkey is made without asking the user')
      const json = creationJson(publicKey)
      const response = await this.#served('create', creationWish(publicKey), signal, (client, ceremony) =>
        client.create(json, ceremony),
      )
      return registrationCredential(this.#options.type, response)
    })
  }

  get(options: unknown): Promise<AuthenticationCredential | null> {
    return forPage('get', async () => {
      const { publicKey, signal, mediation } = readAssertionRequest(options)
      if (mediation === 'silent') return null
      if (mediation === 'conditional') return untilAborted(signal)
      const json = requestJson(publicKey)
      const response = await this.#served('get', requestWish(publicKey), signal, (client, ceremony) =>
        client.get(json, ceremony),
      )
      return authenticationCredential(this.#options.type, response)
    })
  }

  /** One request to a wallet. @returns null for `mediation: 'silent'`. */
  digital(kind: DigitalKind, options: { readonly digital: unknown }): Promise<DigitalCredential | null> {
    return forPage('digital', async () => {
      const { signal, mediation } = readManners(options)
      if (mediation === 'silent') return null
      if (mediation === 'conditional' || 'publicKey' in options)
        throw new UsageError('options-invalid', 'a digital credential is asked for alone, and from its user')
      const { clients, chooseClient, settings } = this.#options
      const { origin, timeouts, onProgress } = settings
      const response = await this.#turn.run(signal, async () => {
        const question = { kind: KIND[kind], signal: signal ?? new AbortController().signal }
        const able = walletClients(clients, kind)
        const { client, onQr } = await chosenClient(able, ANY, chooseClient, question)
        const ceremony = { origin, timeouts, onProgress, signal, onQr: (qr: Qr): unknown => onQr?.(qr) }
        // The client checks it.
        const asked = walletOf(client, kind)?.(options.digital as DigitalCredentialOptions, ceremony)
        return asked && (await forSite(asked))
      })
      return response === undefined ? null : digitalCredential(response)
    })
  }

  #served<Response>(
    kind: CeremonyKind,
    wish: Wish,
    signal: AbortSignal | undefined,
    serve: (client: CredentialClient, ceremony: RequestCeremony) => Promise<Response>,
  ): Promise<Response> {
    const { clients, chooseClient, settings } = this.#options
    return this.#turn.run(signal, async () => {
      const question = { kind, signal: signal ?? new AbortController().signal }
      const { client, ...phone } = await chosenClient(clients, wish, chooseClient, question)
      return await serve(client, ceremonyOf({ ...settings, signal }, phone))
    })
  }
}

function ceremonyOf(settings: CeremonySettings, { onQr, link }: PhoneOptions): RequestCeremony {
  // A local client has its limit under this name.
  const all = { ...settings, ceremonyMs: settings.timeouts?.ceremonyMs }
  if (link !== undefined) return { ...all, link }
  return onQr === undefined ? all : { ...all, onQr }
}

/** A request that shows nothing: no field offers its passkeys. @throws the signal’s reason. */
async function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  const { promise, reject } = deferred<never>()
  signal?.addEventListener('abort', () => reject(signal.reason))
  return promise
}
