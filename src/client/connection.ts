import { concatBytes } from '../bytes/bytes.js'
import { CTAP_COMMAND } from '../ctap/commands.js'
import { decodeGetInfo } from '../ctap/get-info.js'
import type { GetInfo } from '../ctap/get-info.js'
import { CTAP_STATUS } from '../ctap/status.js'
import type { ClientDriver } from '../driver/client-driver.js'
import { abortedBy } from '../driver/progress.js'
import { ProtocolError, UsageError } from '../errors.js'
import type { HybridError } from '../errors.js'
import { encodeJson } from '../message/json.js'
import type { JsonValue } from '../message/json.js'
import type { Proximity } from '../ports/ble.js'
import type { DataChannelName } from '../qr/data-channel.js'
import type { Carried } from '../qr/request-type.js'
import type { Introduction } from '../session/client-io.js'

/**
 * An open connection to a phone: a CTAP2 device with one method, or after a QR code of type `dcp` or `dci` a wallet.
 *
 * @example
 * const connection = await client.connect({ onQr: qr => console.log(qr.toTerminal()) })
 * console.log(connection.getInfo.versions)
 * const response = await connection.call(bytes)
 * await connection.close()
 */
export class HybridConnection {
  /** `ctap` for passkeys, `dc` for digital credentials, and whatever else the phone offers. */
  readonly features: readonly string[]
  /** Whether the phone’s nearness was shown by a radio, or only played. */
  readonly proximity: Proximity
  /** What carries the connection: a tunnel, or a channel of Bluetooth LE. */
  readonly dataChannel: DataChannelName
  readonly #driver: ClientDriver
  readonly #introduction: Introduction
  readonly #carries: Carried
  #hasAsked = false

  constructor(driver: ClientDriver, introduction: Introduction, proximity: Proximity, carries: Carried) {
    this.#driver = driver
    this.#introduction = introduction
    this.#carries = carries
    this.features = introduction.features
    this.proximity = proximity
    this.dataChannel = driver.dataChannel
  }

  /**
   * What the phone said about itself as an authenticator. On a connection for digital credentials it is decoded only
   * here.
   * @throws ProtocolError `feature-missing` for a phone without `ctap`; DecodeError for a getInfo that cannot be read.
   */
  get getInfo(): GetInfo {
    return this.#introduction.getInfo ?? decodeGetInfo(this.#getInfoBytes())
  }

  /**
   * Sends one CTAP2 command and waits for its answer; one at a time. authenticatorGetInfo is answered from the phone’s
   * introduction, because iPhones do not answer it (protocol.md 15.1). Every other command asks the phone’s user, and
   * most phones answer one and hang up (protocol.md 15.4).
   * @param request command byte ‖ CBOR.
   * @returns status byte ‖ CBOR.
   * @throws HybridError such as TunnelError `peer-closed` (the user refused), DeadlineError `response-timeout`;
   * UsageError `session-misused` on a connection that carries JSON, and while another command has no answer; the error
   * of the connection once it has ended.
   */
  async call(request: Uint8Array): Promise<Uint8Array> {
    if (request.length === 1 && request[0] === CTAP_COMMAND.getInfo) {
      return concatBytes(Uint8Array.of(CTAP_STATUS.SUCCESS), this.#getInfoBytes())
    }
    this.#expectCarried('ctap')
    return this.#driver.call(request)
  }

  /**
   * Sends the one JSON message of a connection of type `dcp` or `dci`, and waits for the answer (protocol.md 14.2). Of
   * both only `JSON_LIMITS` are checked; `client.getDigital` and `createDigital` check the rest.
   * @throws HybridError such as TunnelError `peer-closed`, DeadlineError `response-timeout`, DecodeError `message-malformed`;
   * UsageError `argument-invalid` for a value that JSON cannot say, `session-misused` for a second one and on a connection that
   * carries CTAP2, `aborted`: the connection is then over.
   *
   * @example
   * const connection = await client.connect({ requestType: 'dcp', onQr: qr => console.log(qr.toTerminal()) })
   * const answer = await connection.callJson({ origin, requestType: 'credential.get', request: {} })
   */
  async callJson(
    value: unknown,
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<JsonValue> {
    this.#expectCarried('json')
    const text = encodeJson(value)
    if (this.#hasAsked)
      throw new UsageError('session-misused', 'a connection that carries JSON has one request')
    const onAbort = (): void => void this.close(abortedBy(signal))
    if (signal?.aborted === true) onAbort()
    signal?.addEventListener('abort', onAbort)
    this.#hasAsked = true
    try {
      return await this.#driver.callJson(text)
    } finally {
      signal?.removeEventListener('abort', onAbort)
    }
  }

  /**
   * Says goodbye; settles when everything is released. Safe to call twice.
   * @param error why the last answer could not be used. The phone then hears no goodbye, and a passkey that it has just
   * made stays unconfirmed.
   */
  close(error?: HybridError): Promise<void> {
    return this.#driver.close(error)
  }

  #getInfoBytes(): Uint8Array {
    const { getInfoBytes } = this.#introduction
    if (getInfoBytes !== undefined) return getInfoBytes
    throw new ProtocolError('feature-missing', 'the phone does not offer ctap')
  }

  #expectCarried(wanted: Carried): void {
    if (this.#carries === wanted) return
    const names = { ctap: 'CTAP2', json: 'JSON' }
    throw new UsageError(
      'session-misused',
      `this connection carries ${names[this.#carries]}, not ${names[wanted]}`,
    )
  }
}
