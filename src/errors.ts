import {
  CTAP_ERRORS,
  DEADLINE_ERRORS,
  DECODE_ERRORS,
  HANDSHAKE_ERRORS,
  PROTOCOL_ERRORS,
  PROXIMITY_ERRORS,
  STORE_ERRORS,
  TUNNEL_ERRORS,
  UNSUPPORTED_ERRORS,
  USAGE_ERRORS,
  WALLET_ERRORS,
} from './error-catalogue.js'
import type { CodeOf, ErrorCode, ErrorEntry, ErrorKind, Fault } from './error-catalogue.js'

export { ERROR_CATALOGUE } from './error-catalogue.js'
export type { CodeOf, ErrorCode, ErrorEntry, ErrorKind, Fault } from './error-catalogue.js'

/** Options of an error whose cure is not that of its code. */
export interface CuredErrorOptions extends ErrorOptions {
  /** What to do about this very failure; that of the code unless given. */
  readonly cure?: string | undefined
}

const BRAND = Symbol.for('fido-hybrid.error')

/**
 * The base class of every failure of this library. `instanceof` works across two copies of the package.
 *
 * @example
 * try { await phone.scan('FIDO:/…', { source: 'camera' }) } catch (error) {
 *   if (error instanceof HybridError) console.error(error.code, error.cure)
 * }
 */
export abstract class HybridError extends Error {
  /** The kind of all errors of a subclass; `HybridError` itself has none. */
  static readonly kind: ErrorKind | undefined
  /** Names the subclass; `instanceof` compares it. */
  readonly kind: ErrorKind
  /** A stable name; each is a heading in `src/errors.md`. */
  readonly code: ErrorCode
  /** The side that has to act. */
  readonly fault: Fault
  /** What to do about it, one sentence. */
  readonly cure: string

  protected constructor(
    kind: ErrorKind,
    entries: Readonly<Record<string, ErrorEntry>>,
    code: ErrorCode,
    message: string,
    options?: CuredErrorOptions,
  ) {
    super(message, options)
    Object.defineProperties(this, {
      name: { value: `${kind.charAt(0).toUpperCase()}${kind.slice(1)}Error` },
      [BRAND]: { value: true },
    })
    this.kind = kind
    this.code = code
    const entry = entries[code]
    if (entry === undefined) throw new TypeError(`no error code ${code} in ${kind}`)
    this.fault = entry[0]
    this.cure = options?.cure ?? entry[1]
  }

  /** @internal */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (typeof value !== 'object' || value === null || !(BRAND in value)) return false
    return this.kind === undefined || ('kind' in value && value.kind === this.kind)
  }
}

/**
 * The caller’s mistake, or the caller’s wish to stop (`aborted`).
 *
 * @example
 * try { await client.get(requestOptions, ceremony) } catch (error) {
 *   const { cause } = error as { cause?: unknown }
 *   if (cause instanceof UsageError && cause.code === 'aborted') console.log('given up')
 * }
 */
export class UsageError extends HybridError {
  static override readonly kind = 'usage'
  declare readonly code: CodeOf<'usage'>
  constructor(code: CodeOf<'usage'>, message: string, options?: ErrorOptions) {
    super('usage', USAGE_ERRORS, code, message, options)
  }
}

/**
 * Bytes or text from outside that are not what they should be.
 *
 * @example
 * try { decodeQrUrl('FIDO:/…') } catch (error) {
 *   if (error instanceof DecodeError) console.log(error.code)
 * }
 */
export class DecodeError extends HybridError {
  static override readonly kind = 'decode'
  declare readonly code: CodeOf<'decode'>
  constructor(code: CodeOf<'decode'>, message: string, options?: ErrorOptions) {
    super('decode', DECODE_ERRORS, code, message, options)
  }
}

/**
 * Well-formed messages that break the protocol’s rules.
 *
 * @example
 * try { await client.connect({ onQr }) } catch (error) {
 *   if (error instanceof ProtocolError && error.fault === 'peer') console.log(`the phone: ${error.message}`)
 * }
 */
export class ProtocolError extends HybridError {
  static override readonly kind = 'protocol'
  declare readonly code: CodeOf<'protocol'>
  constructor(code: CodeOf<'protocol'>, message: string, options?: ErrorOptions) {
    super('protocol', PROTOCOL_ERRORS, code, message, options)
  }
}

/**
 * The Noise handshake failed.
 *
 * @example
 * try { await client.connect({ onQr }) } catch (error) {
 *   if (error instanceof HandshakeError) console.log('another device has answered, or none that read the code')
 * }
 */
export class HandshakeError extends HybridError {
  static override readonly kind = 'handshake'
  declare readonly code: CodeOf<'handshake'>
  constructor(code: CodeOf<'handshake'>, message: string, options?: ErrorOptions) {
    super('handshake', HANDSHAKE_ERRORS, code, message, options)
  }
}

/** The stage of the ceremony in which something stopped. */
export type Stage = 'advert' | 'tunnel' | 'handshake' | 'request' | 'response'

/** What is known about a tunnel failure beside its code. */
export interface TunnelErrorOptions extends CuredErrorOptions {
  /** HTTP status of the refused upgrade. */
  readonly status?: number | undefined
  /** WebSocket close code. */
  readonly closeCode?: number | undefined
  /** Where in the ceremony it failed, if in one. */
  readonly stage?: Stage | undefined
}

/**
 * The tunnel service, or the way to it, failed; or the peer closed the tunnel.
 *
 * @example
 * try { await client.connect({ onQr }) } catch (error) {
 *   if (error instanceof TunnelError) console.log(error.code, error.status ?? error.closeCode)
 * }
 */
export class TunnelError extends HybridError {
  static override readonly kind = 'tunnel'
  declare readonly code: CodeOf<'tunnel'>
  /** HTTP status with which the tunnel service refused. */
  readonly status: number | undefined
  /** WebSocket close code with which the tunnel ended. */
  readonly closeCode: number | undefined
  /** Where in the ceremony it failed, if in one. */
  readonly stage: Stage | undefined
  constructor(code: CodeOf<'tunnel'>, message: string, options: TunnelErrorOptions = {}) {
    super('tunnel', TUNNEL_ERRORS, code, message, options)
    this.status = options.status
    this.closeCode = options.closeCode
    this.stage = options.stage
  }
}

/**
 * Bluetooth failed: scanning, advertising, or the data channel.
 *
 * @example
 * try { await client.connect({ onQr }) } catch (error) {
 *   if (error instanceof ProximityError && error.code === 'bluetooth-off') console.log(error.cure)
 * }
 */
export class ProximityError extends HybridError {
  static override readonly kind = 'proximity'
  declare readonly code: CodeOf<'proximity'>
  constructor(code: CodeOf<'proximity'>, message: string, options?: ErrorOptions) {
    super('proximity', PROXIMITY_ERRORS, code, message, options)
  }
}

/**
 * Something did not happen in time.
 *
 * @example
 * try { await client.connect({ onQr, timeouts: { advertMs: 30_000 } }) } catch (error) {
 *   if (error instanceof DeadlineError && error.stage === 'advert') console.log('no phone has come near')
 * }
 */
export class DeadlineError extends HybridError {
  static override readonly kind = 'deadline'
  declare readonly code: CodeOf<'deadline'>
  /** The stage that took too long; the code is `<stage>-timeout`. */
  readonly stage: Stage
  constructor(stage: Stage, message: string, options?: CuredErrorOptions) {
    super('deadline', DEADLINE_ERRORS, `${stage}-timeout`, message, options)
    this.stage = stage
  }
}

/**
 * This machine, adapter or installation lacks something, or does not let this program have it.
 *
 * @example
 * try { new HybridClient(nodePlatform()) } catch (error) {
 *   if (error instanceof UnsupportedError) console.log(error.cure)
 * }
 */
export class UnsupportedError extends HybridError {
  static override readonly kind = 'unsupported'
  declare readonly code: CodeOf<'unsupported'>
  constructor(code: CodeOf<'unsupported'>, message: string, options?: ErrorOptions) {
    super('unsupported', UNSUPPORTED_ERRORS, code, message, options)
  }
}

/**
 * The authenticator answered with a status byte other than success.
 * @param statusName its name in CTAP 2.2, such as `ERR_CREDENTIAL_EXCLUDED`.
 *
 * @example
 * try { decodeMakeCredentialResponse(bytes) } catch (error) {
 *   if (error instanceof CtapError) console.log(error.statusName) // ERR_CREDENTIAL_EXCLUDED
 * }
 */
export class CtapError extends HybridError {
  static override readonly kind = 'ctap'
  declare readonly code: CodeOf<'ctap'>
  /** The status byte, 0x01 to 0xff. */
  readonly status: number
  /** Its name in CTAP 2.2, such as `ERR_CREDENTIAL_EXCLUDED`. */
  readonly statusName: string
  constructor(status: number, statusName: string, options?: CuredErrorOptions) {
    super(
      'ctap',
      CTAP_ERRORS,
      'ctap-error',
      `the authenticator answered ${statusName} (0x${status.toString(16).padStart(2, '0')})`,
      options,
    )
    this.status = status
    this.statusName = statusName
  }
}

/**
 * A file store could not be opened, read or written.
 *
 * @example
 * try { await client.links() } catch (error) {
 *   if (error instanceof StoreError) console.log(error.code, error.cure)
 * }
 */
export class StoreError extends HybridError {
  static override readonly kind = 'store'
  declare readonly code: CodeOf<'store'>
  constructor(code: CodeOf<'store'>, message: string, options?: ErrorOptions) {
    super('store', STORE_ERRORS, code, message, options)
  }
}

/**
 * The phone’s answer to a request for a digital credential is a failure, or its data cannot be used.
 *
 * @example
 * const requests = [{ protocol: 'openid4vp-v1-unsigned', data: { nonce: 'n-0S6' } }]
 * await client.getDigital({ requests }, { origin, onQr }).catch((error: WebAuthnError) => {
 *   if (error.cause instanceof WalletError) console.log(error.cause.code)
 * })
 */
export class WalletError extends HybridError {
  static override readonly kind = 'wallet'
  declare readonly code: CodeOf<'wallet'>
  constructor(code: CodeOf<'wallet'>, message: string, options?: ErrorOptions) {
    super('wallet', WALLET_ERRORS, code, message, options)
  }
}
