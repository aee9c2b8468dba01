import { nobleProvider } from '../crypto/noble-provider.js'
import type { CryptoProvider } from '../crypto/provider.js'
import { CTAP_COMMAND } from '../ctap/commands.js'
import { decodeGetAssertionRequest } from '../ctap/get-assertion.js'
import { AAGUID_BYTES, encodeGetInfo } from '../ctap/get-info.js'
import { decodeMakeCredentialRequest } from '../ctap/make-credential.js'
import { CTAP_STATUS } from '../ctap/status.js'
import { concatBytes } from '../bytes/bytes.js'
import { CtapError, UsageError } from '../errors.js'
import type { Random } from '../ports/clock.js'
import type { CredentialStore } from '../ports/credential-store.js'
import type { CtapContext, CtapHandler } from '../ports/ctap-handler.js'
import type { Consent } from './consent.js'
import { readRequest, refusal } from './refusal.js'
import type { RequiredMembers } from './refusal.js'
import { register } from './register.js'
import { signIn } from './sign-in.js'
import { oneAtATime } from './virtual-device.js'
import type { VirtualDevice, VirtualEvent } from './virtual-device.js'

// CTAP 2.2 sections 6.1 and 6.2. Names of relying party and user may be missing.
const MAKE_CREDENTIAL_REQUIRED: RequiredMembers = [[1], [2, 'id'], [3, 'id'], [4]]
const GET_ASSERTION_REQUIRED: RequiredMembers = [[1], [2]]

/** What a `VirtualAuthenticator` is made of. */
export interface VirtualAuthenticatorOptions {
  readonly store: CredentialStore
  readonly consent: Consent
  readonly random: Random
  /** The noble provider unless given. */
  readonly crypto?: CryptoProvider
  /** 16 bytes, in getInfo and in new credentials; zeros unless given. */
  readonly aaguid?: Uint8Array
  /** Wall-clock milliseconds since 1970; `Date.now` unless given. */
  readonly now?: () => number
  /** Hears of each passkey that was made or used, after the store has kept it. */
  readonly onEvent?: (event: VirtualEvent) => void
  /** Hears why a request was answered with ERR_OTHER: what `store`, `consent` or `onEvent` threw. */
  readonly onFault?: (error: unknown) => void
}

/**
 * A phone’s passkeys in software: ES256, discoverable or not, attestation `none`, getInfo as Play services give it.
 *
 * It answers makeCredential, getAssertion and getInfo; other commands get ERR_INVALID_COMMAND. It never throws: what its
 * store or consent throw becomes ERR_OTHER (0x7F) and goes to `onFault`. When the client goes away during a prompt, the
 * request ends without an answer and nothing is stored.
 *
 * @example
 * const handler = new VirtualAuthenticator({ store: new MemoryCredentialStore(), consent: alwaysApprove(), random })
 * await new HybridAuthenticator({ ...platform, handler }).scan('FIDO:/…')
 */
export class VirtualAuthenticator implements CtapHandler {
  readonly #device: VirtualDevice
  readonly #onFault: (error: unknown) => void

  /** @throws UsageError `argument-invalid` unless the AAGUID has 16 bytes. */
  constructor(options: VirtualAuthenticatorOptions) {
    const { aaguid = new Uint8Array(AAGUID_BYTES), onEvent, onFault } = options
    if (aaguid.length !== AAGUID_BYTES) {
      throw new UsageError('argument-invalid', `aaguid has ${AAGUID_BYTES} bytes, not ${aaguid.length}`)
    }
    this.#onFault = error => onFault?.(error)
    this.#device = {
      store: options.store,
      consent: options.consent,
      random: options.random,
      crypto: options.crypto ?? nobleProvider,
      aaguid: Uint8Array.from(aaguid),
      now: options.now ?? Date.now,
      tell: event => {
        this.#tell(event, onEvent)
      },
      exclusively: oneAtATime(),
    }
  }

  getInfo(): Uint8Array {
    return encodeGetInfo({
      versions: ['FIDO_2_0', 'FIDO_2_1'],
      aaguid: this.#device.aaguid,
      options: new Map([
        ['rk', true],
        ['up', true],
        ['uv', true],
        ['plat', false],
      ]),
      transports: ['internal', 'hybrid'],
    })
  }

  async handle(request: Uint8Array, context: CtapContext): Promise<Uint8Array | undefined> {
    try {
      return await this.#answer(request, context)
    } catch (error) {
      if (error instanceof CtapError) return Uint8Array.of(error.status)
      this.#onFault(error)
      return Uint8Array.of(CTAP_STATUS.ERR_OTHER)
    }
  }

  async #answer(request: Uint8Array, context: CtapContext): Promise<Uint8Array | undefined> {
    switch (request[0]) {
      case undefined:
        throw refusal(CTAP_STATUS.ERR_INVALID_LENGTH)
      case CTAP_COMMAND.makeCredential: {
        const decoded = readRequest(request, decodeMakeCredentialRequest, MAKE_CREDENTIAL_REQUIRED)
        return await register(this.#device, decoded, context)
      }
      case CTAP_COMMAND.getAssertion: {
        const decoded = readRequest(request, decodeGetAssertionRequest, GET_ASSERTION_REQUIRED)
        return await signIn(this.#device, decoded, context)
      }
      case CTAP_COMMAND.getInfo:
        if (request.length > 1) throw refusal(CTAP_STATUS.ERR_INVALID_LENGTH)
        return concatBytes(Uint8Array.of(CTAP_STATUS.SUCCESS), this.getInfo())
      default:
        throw refusal(CTAP_STATUS.ERR_INVALID_COMMAND)
    }
  }

  // The passkey is kept already; a listener’s mistake does not change the answer.
  #tell(event: VirtualEvent, onEvent: ((event: VirtualEvent) => void) | undefined): void {
    try {
      onEvent?.(event)
    } catch (error) {
      this.#onFault(error)
    }
  }
}
