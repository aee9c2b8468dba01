import type { CredentialClient, RequestCeremony } from '../credentials/credential-client.js'
import type { CredentialSignals } from '../ports/credential-signals.js'
import type { AuthenticationResponseJSON, RequestOptionsInput } from '../webauthn/authentication-json.js'
import type { ClientCapabilities } from '../webauthn/client-capabilities.js'
import type { CreationOptionsInput, RegistrationResponseJSON } from '../webauthn/registration-json.js'
import type { PageBridge } from './page-bridge.js'
import type { PageFailure } from '../credentials/page-side/page-messages.js'
import type { PageCall, PageReply } from './page-message.js'

type SignalOptions<Name extends keyof CredentialSignals> = Parameters<CredentialSignals[Name]>[0]

/** In the page: a client whose work the main process does. */
export class BridgedClient implements CredentialClient {
  readonly #bridge: PageBridge

  constructor(bridge: PageBridge) {
    this.#bridge = bridge
  }

  create(options: CreationOptionsInput, { signal }: RequestCeremony): Promise<RegistrationResponseJSON> {
    return this.#cancellable('create', options, signal)
  }

  get(options: RequestOptionsInput, { signal }: RequestCeremony): Promise<AuthenticationResponseJSON> {
    return this.#cancellable('get', options, signal)
  }

  getClientCapabilities(): Promise<ClientCapabilities> {
    return this.#ask('getClientCapabilities')
  }

  signalUnknownCredential(options: SignalOptions<'signalUnknownCredential'>): Promise<void> {
    return this.#ask('signalUnknownCredential', options)
  }

  signalAllAcceptedCredentials(options: SignalOptions<'signalAllAcceptedCredentials'>): Promise<void> {
    return this.#ask('signalAllAcceptedCredentials', options)
  }

  signalCurrentUserDetails(options: SignalOptions<'signalCurrentUserDetails'>): Promise<void> {
    return this.#ask('signalCurrentUserDetails', options)
  }

  async #cancellable<Result>(
    call: PageCall,
    options: object,
    signal: AbortSignal | undefined,
  ): Promise<Result> {
    const cancel = (): void => {
      void this.#ask('cancel')
    }
    signal?.addEventListener('abort', cancel)
    try {
      return await this.#ask(call, options)
    } finally {
      signal?.removeEventListener('abort', cancel)
    }
  }

  async #ask<Result>(call: PageCall, options?: object): Promise<Result> {
    const reply = readReply<Result>(await this.#bridge.ask(JSON.stringify({ call, options })))
    if ('error' in reply) throw failureOf(reply.error)
    return reply.result
  }
}

type ReplyOf<Result> = Exclude<PageReply, { result: unknown }> | { readonly result: Result }

/** The main process is trusted: what it says is what it should be. */
function readReply<Result>(text: string): ReplyOf<Result> {
  return JSON.parse(text) as ReplyOf<Result>
}

function failureOf({ name, message }: PageFailure): Error {
  return name === 'TypeError' ? new TypeError(message) : new DOMException(message, name)
}
