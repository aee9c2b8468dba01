import type { CryptoProvider } from '../crypto/provider.js'
import type { GetInfo } from '../ctap/get-info.js'
import { IV_BYTES } from '../ctap/pin-uv-auth-protocol.js'
import type { DriveOptions } from '../driver/drive-options.js'
import { HybridError, UsageError } from '../errors.js'
import { callbackFailed, calling } from '../ports/calling.js'
import type { Random } from '../ports/clock.js'
import type { Link } from '../ports/link-store.js'
import type { RequestType } from '../qr/payload.js'
import type { Timeouts } from '../session/position.js'
import type { AuthenticationResponseJSON, RequestOptionsInput } from '../webauthn/authentication-json.js'
import type { CeremonyOrigin } from '../webauthn/ceremony-origin.js'
import { parseCreationOptions } from '../webauthn/creation-options.js'
import type { AuthenticatorAttachment } from '../webauthn/credential-json.js'
import type { CreationOptionsInput, RegistrationResponseJSON } from '../webauthn/registration-json.js'
import { parseRequestOptions } from '../webauthn/request-options.js'
import type { PublicSuffixes } from '../webauthn/public-suffixes.js'
import type { FetchDocument } from '../webauthn/related-origins.js'
import type { RpIdRules } from '../webauthn/rp-id.js'
import type { Authentication, GetAssertionCall } from '../webauthn/get.js'
import { keyAgreementFor, toGetAssertion } from '../webauthn/get.js'
import { HmacSecretExchange } from '../webauthn/hmac-secret.js'
import { toWebAuthnError } from '../webauthn/webauthn-error.js'
import type { CeremonyKind, FailedCeremony } from '../webauthn/webauthn-error.js'
import type { ChooseAccount } from './account-choice.js'
import { CeremonyLimit } from './ceremony-limit.js'
import type { CeremonyBounds } from './ceremony-limit.js'
import type { HybridConnection } from './connection.js'
import type { Qr } from './qr.js'

/** Which phone: the one that scans a QR code, or one that is linked. */
export type PhoneChoice =
  | {
      /**
       * Shows the QR code. Called once, when the scanner hears. The ceremony does not wait for a promise that it
       * returns. An error, unless it is a HybridError, ends the ceremony with `callback-failed`.
       */
      readonly onQr: (qr: Qr) => unknown
      readonly link?: undefined
    }
  | {
      /** A linked phone, from `client.links()`; no QR code is shown. */
      readonly link: Link
      /** Not called: a linked phone needs no QR code. */
      readonly onQr?: unknown
    }

/** How one connection is watched and ended. */
export interface ConnectLimits extends DriveOptions {
  /** Limits of the stages, ms. */
  readonly timeouts?: Partial<Timeouts> | undefined
}

/** How one connection is made. */
export type ConnectOptions = PhoneChoice &
  ConnectLimits & {
    /**
     * What the phone’s first screen should say: default `ga`, sign in; `mc`: register. A linked phone takes only these
     * two. `dcp` and `dci` are for digital credentials: the connection then carries JSON, the phone needs the feature
     * `dc`, and no link is asked for.
     */
    readonly requestType?: RequestType | undefined
  }

/** How one registration or sign-in is made. */
export type CeremonyOptions = PhoneChoice & CeremonySettings

/** What a registration or sign-in needs to know beside the phone. */
export interface CeremonySettings extends ConnectLimits, CeremonyOrigin {
  /**
   * Fetches `https://<RP ID>/.well-known/webauthn` when the origin may not claim the RP ID by its name, so that origins
   * that the RP ID’s domain lists may (WebAuthn L3 section 5.11). Give it the runtime’s `fetch`, or one with a time limit.
   * Default: nothing is fetched, and such a ceremony is a `SecurityError`.
   */
  readonly fetchRelatedOrigins?: FetchDocument | undefined
  /**
   * Lets the user choose at a sign-in where the phone has several accounts and leaves the choice to the client, as security keys
   * do. Default: such a sign-in fails with `account-not-chosen`; an account is never taken unasked.
   */
  readonly chooseAccount?: ChooseAccount | undefined
  /**
   * Gets the ceremony’s one CTAP2 exchange as it went over the wire, before the answer is checked. It may hold secrets
   * of `prf`. Throwing ends the ceremony with `callback-failed`. Authenticators that do `prf` as `hmac-secret` have one
   * exchange more at a sign-in, and so has each account after the first for `chooseAccount`.
   */
  readonly onCtap?: ((exchange: CtapExchange) => void) | undefined
  /**
   * Gets the response before the ceremony settles, and is waited for: the phone is told goodbye, and takes a new
   * passkey as confirmed, only afterwards. Send the response to your server here: if this throws, the phone does not
   * count the new passkey as confirmed. Phones that take one command wait two seconds. Throwing ends the ceremony with
   * `callback-failed`, without the goodbye.
   */
  readonly onResponse?:
    ((response: RegistrationResponseJSON | AuthenticationResponseJSON) => unknown) | undefined
}

/** One CTAP2 command and its answer; copies that belong to the listener. */
export interface CtapExchange {
  /** command byte ‖ CBOR. */
  readonly request: Uint8Array
  /** status byte ‖ CBOR. */
  readonly response: Uint8Array
}

/** The rules by which the ceremony’s origin may claim an RP ID. */
export function rpIdRules(
  { publicSuffixes }: { readonly publicSuffixes?: PublicSuffixes | undefined },
  { fetchRelatedOrigins: fetch }: Pick<CeremonySettings, 'fetchRelatedOrigins'>,
  { signal }: CeremonyLimit,
): RpIdRules {
  return {
    publicSuffixes:
      publicSuffixes &&
      (host => calling('publicSuffixes', async () => ({ ...(await publicSuffixes(host)) }))),
    related: fetch && { fetch, signal },
  }
}

/** Sends a command of the ceremony, and shows request and response to `onCtap`. */
export async function exchange(
  connection: HybridConnection,
  request: Uint8Array,
  { onCtap }: CeremonySettings,
): Promise<Uint8Array> {
  const response = await connection.call(request)
  try {
    onCtap?.({ request: request.slice(), response: response.slice() })
  } catch (cause) {
    throw callbackFailed('onCtap', cause)
  }
  return response
}

/**
 * Makes the getAssertion of a sign-in, after the key agreement that `prf` needs of an authenticator that only knows
 * `hmac-secret`.
 * @param ask sends one command.
 */
export async function agreedGetAssertion(
  authentication: Authentication,
  info: GetInfo,
  { crypto, random }: { readonly crypto: CryptoProvider; readonly random: Random },
  ask: (request: Uint8Array) => Promise<Uint8Array>,
): Promise<GetAssertionCall> {
  const agreement = keyAgreementFor(authentication, info)
  const exchange =
    agreement &&
    new HmacSecretExchange(crypto, agreement, await ask(agreement.request), random.bytes(IV_BYTES))
  return await toGetAssertion(authentication, info, crypto, exchange)
}

/** The error to close the connection with, whose last answer could not be used. */
export function asReason(error: unknown): HybridError {
  if (error instanceof HybridError) return error
  return new UsageError('aborted', 'the answer could not be used', { cause: error })
}

/** Gives the response to `onResponse`, before the phone hears that its answer was taken. */
export async function handOver<Response extends RegistrationResponseJSON | AuthenticationResponseJSON>(
  response: Response,
  { onResponse }: Pick<CeremonySettings, 'onResponse'>,
): Promise<Response> {
  await calling('onResponse', () => onResponse?.(response))
  return response
}

/**
 * Runs a ceremony within its limit. Its failure becomes a WebAuthnError with the name that a browser would give to it.
 * @throws the reason of the caller’s signal as it is, unless that is an AbortError: it becomes a WebAuthnError of the
 * same name.
 */
export async function asWebAuthn<Result>(
  kind: FailedCeremony,
  bounds: CeremonyBounds,
  ceremony: (limit: CeremonyLimit) => Promise<Result>,
): Promise<Result> {
  const limit = new CeremonyLimit(bounds)
  try {
    limit.watch('request')
    return await ceremony(limit)
  } catch (error) {
    if (!(error instanceof HybridError)) throw error
    throw rejectionOf(error, kind, limit)
  } finally {
    limit.end()
  }
}

function rejectionOf(error: HybridError, kind: FailedCeremony, { signal, lateness }: CeremonyLimit): unknown {
  const { aborted } = signal
  const reason: unknown = signal.reason
  const isAbortion = aborted && error.code === 'aborted' && error.cause === reason
  if (!isAbortion || isAbortError(reason)) return toWebAuthnError(error, kind)
  return lateness === undefined ? reason : toWebAuthnError(lateness, kind)
}

/** Whether a reason only says that the caller gave up, as that of `abort()` does. */
function isAbortError(reason: unknown): boolean {
  return reason instanceof Error && reason.name === 'AbortError'
}

/**
 * Checks JSON of unknown shape, such as the result of `response.json()`, so that it may be passed to `create`.
 * @param attachment of the authenticator that is there: `platform` for a `LocalClient`; default `cross-platform`.
 * @throws WebAuthnError as `create` does for such options.
 *
 * @example
 * const json: unknown = await (await fetch('/register/options')).json()
 * assertCreationOptions(json)
 * const credential = await client.create(json, ceremony)
 */
export function assertCreationOptions(
  json: unknown,
  attachment?: AuthenticatorAttachment,
): asserts json is CreationOptionsInput {
  check('create', () => parseCreationOptions(json, attachment))
}

/**
 * Checks JSON of unknown shape, such as the result of `response.json()`, so that it may be passed to `get`.
 * @throws WebAuthnError as `get` does for such options.
 *
 * @example
 * const json: unknown = await (await fetch('/login/options')).json()
 * assertRequestOptions(json)
 * const credential = await client.get(json, ceremony)
 */
export function assertRequestOptions(json: unknown): asserts json is RequestOptionsInput {
  check('get', () => parseRequestOptions(json))
}

function check(ceremony: CeremonyKind, parse: () => unknown): void {
  try {
    parse()
  } catch (error) {
    throw error instanceof HybridError ? toWebAuthnError(error, ceremony) : error
  }
}
