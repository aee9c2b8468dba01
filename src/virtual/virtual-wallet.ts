import { unlessAborted } from '../async/unless-aborted.js'
import { readDigitalRequest } from '../digital/digital-request.js'
import type { DigitalKind, DigitalRequest } from '../digital/digital-request.js'
import { writeDigitalFailure, writeDigitalResponse } from '../digital/digital-response.js'
import { UsageError } from '../errors.js'
import type { JsonObject, JsonValue } from '../message/json.js'
import type { Proximity } from '../ports/ble.js'
import type { CtapContext, JsonHandler } from '../ports/ctap-handler.js'
import { askedClaims } from './asked-claims.js'

/** What a wallet does when it is asked, in the words of WebDriver BiDi `digitalCredentials.setVirtualWalletBehavior`. */
export type WalletBehaviour = 'respond' | 'decline' | 'wait'

/** One request to the wallet. The text is as the client sent it: take control characters out before printing it. */
export interface WalletRequest extends DigitalRequest {
  readonly kind: DigitalKind
  /** What the client says that the verifier’s or issuer’s origin is; nothing here can check it. */
  readonly origin: string
}

/** One prompt. */
export interface WalletConsentRequest extends WalletRequest {
  /** The claims that are asked for, as OpenID4VP or a DeviceRequest of ISO 18013-5 names them; empty where that cannot be read. */
  readonly asks: readonly string[]
  /** Whether nearness to the client rests on a radio. Show it when it is only `simulated`. */
  readonly proximity?: Proximity | undefined
  /** How old the QR code was when it was read, if that is known. */
  readonly qrAgeSeconds?: number | undefined
}

/**
 * The person with the phone.
 * @param signal fires when the client has gone and the answer no longer counts.
 * @returns whether the verifier may have the credential.
 */
export type WalletConsent = (request: WalletConsentRequest, signal: AbortSignal) => boolean | Promise<boolean>

/**
 * What is given in one protocol: always the same, or made for the request once the user has agreed; undefined where nothing matches it,
 * and then the next request counts.
 */
export type WalletCredential =
  JsonObject | ((request: WalletRequest) => JsonObject | undefined | Promise<JsonObject | undefined>)

/** What a `VirtualWallet` is made of. */
export interface VirtualWalletOptions {
  /** By protocol, such as `openid4vp-v1-unsigned`. The first request that is in it, and matches, is answered. */
  readonly credentials?: Readonly<Record<string, WalletCredential>> | undefined
  /**
   * Whether the wallet has what a request asks for, and trusts the verifier. If not, the user is not asked, and the
   * next request counts. Each request in a protocol of `credentials` matches unless given.
   */
  readonly matches?: ((request: WalletRequest) => boolean | Promise<boolean>) | undefined
  /**
   * `respond` unless given: asks `consent`, and answers; `decline`: the user refuses every request; `wait`: the user
   * does not react.
   */
  readonly behaviour?: WalletBehaviour | undefined
  /** Approves unless given. */
  readonly consent?: WalletConsent | undefined
}

/** Stands for a request that the wallet ignores. */
const NO_MATCH = Symbol('no match')

const BEHAVIOURS: readonly WalletBehaviour[] = ['respond', 'decline', 'wait']

/**
 * A phone’s wallet in software, for tests: behind the phone role on its own, or as `wallet` of a `VirtualAuthenticator`. It asks its
 * user, and gives what it was made with; signatures are made and checked by functions in `credentials` and `matches`.
 *
 * @example
 * const wallet = new VirtualWallet({ credentials: { 'openid4vp-v1-unsigned': { vp_token: {} } } })
 * await new HybridAuthenticator({ ...platform, handler: wallet }).scan('FIDO:/…', { source: 'camera' })
 */
export class VirtualWallet implements JsonHandler {
  readonly #credentials: ReadonlyMap<string, WalletCredential>
  readonly #matches: NonNullable<VirtualWalletOptions['matches']>
  readonly #behaviour: WalletBehaviour
  readonly #consent: WalletConsent

  /** @throws UsageError `argument-invalid` for an unknown behaviour. */
  constructor(options: VirtualWalletOptions = {}) {
    const { credentials = {}, behaviour = 'respond', matches = () => true, consent = () => true } = options
    if (!BEHAVIOURS.includes(behaviour))
      throw new UsageError('argument-invalid', `behaviour must be ${BEHAVIOURS.join(', ')}, not ${behaviour}`)
    this.#credentials = new Map(Object.entries(credentials))
    this.#matches = matches
    this.#behaviour = behaviour
    this.#consent = consent
  }

  /**
   * Answers the request of a client (protocol.md 14.2): with a credential, `USER_CANCELED`, or `NO_CREDENTIAL` where nothing matches.
   * @returns undefined once the client has gone.
   * @throws DecodeError `json-malformed` for a message that is not a request; what `consent`, `matches` and functions
   * in `credentials` throw.
   */
  async handleJson(message: JsonValue, context: CtapContext): Promise<JsonValue | undefined> {
    const { requests, kind, origin } = readDigitalRequest(message)
    if (this.#behaviour === 'decline') return writeDigitalFailure('USER_CANCELED')
    if (this.#behaviour === 'wait') return waitForNobody(context)
    for (const request of requests) {
      const answer = await this.#answer({ ...request, kind, origin }, context)
      if (answer !== NO_MATCH) return answer
    }
    return writeDigitalFailure('NO_CREDENTIAL')
  }

  async #answer(
    request: WalletRequest,
    context: CtapContext,
  ): Promise<JsonValue | undefined | typeof NO_MATCH> {
    const credential = this.#credentials.get(request.protocol)
    if (credential === undefined || !(await this.#matches(request))) return NO_MATCH
    const approved = await this.#isApproved(request, context)
    if (approved === undefined) return undefined
    if (!approved) return writeDigitalFailure('USER_CANCELED')
    const data = typeof credential === 'function' ? await credential(request) : credential
    return data === undefined ? NO_MATCH : writeDigitalResponse({ protocol: request.protocol, data })
  }

  /** @returns undefined once the client has gone. */
  #isApproved(request: WalletRequest, context: CtapContext): Promise<boolean | undefined> {
    const { signal, proximity, qrAgeSeconds } = context
    const prompt = { ...request, asks: askedClaims(request), proximity, qrAgeSeconds }
    return unlessAborted(signal, () => {
      context.awaitingUser()
      return this.#consent(prompt, signal)
    })
  }
}

async function waitForNobody(context: CtapContext): Promise<undefined> {
  await unlessAborted(context.signal, () => {
    context.awaitingUser()
    return new Promise<never>(() => undefined)
  })
  return undefined
}
