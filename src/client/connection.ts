import { concatBytes } from '../bytes/bytes.js'
import { CTAP_COMMAND } from '../ctap/commands.js'
import type { GetInfo } from '../ctap/get-info.js'
import { CTAP_STATUS } from '../ctap/status.js'
import type { ClientDriver } from '../driver/client-driver.js'
import type { HybridError } from '../errors.js'
import type { Proximity } from '../ports/ble.js'
import type { Introduction } from '../session/client-io.js'

/** An open connection to a phone: a CTAP2 device with one method. */
export class HybridConnection {
  /** What the phone said of itself. */
  readonly getInfo: GetInfo
  /** `ctap`, and whatever else the phone offers. */
  readonly features: readonly string[]
  /** Whether the phone’s nearness was shown by a radio, or only played. */
  readonly proximity: Proximity
  readonly #driver: ClientDriver
  readonly #getInfoBytes: Uint8Array

  constructor(driver: ClientDriver, introduction: Introduction, proximity: Proximity) {
    this.#driver = driver
    this.#getInfoBytes = introduction.getInfoBytes
    this.getInfo = introduction.getInfo
    this.features = introduction.features
    this.proximity = proximity
  }

  /**
   * Sends one CTAP2 command and waits for its answer; one at a time. authenticatorGetInfo is answered from the
   * phone’s introduction, since phones do not answer it (protocol.md 15.1). Every other command asks the phone’s user,
   * and most phones answer one and hang up (protocol.md 15.4).
   * @param request command byte ‖ CBOR.
   * @returns status byte ‖ CBOR.
   * @throws HybridError such as TunnelError `peer-closed` (the user refused), DeadlineError `response-timeout`.
   */
  async call(request: Uint8Array): Promise<Uint8Array> {
    if (request.length === 1 && request[0] === CTAP_COMMAND.getInfo) {
      return concatBytes(Uint8Array.of(CTAP_STATUS.SUCCESS), this.#getInfoBytes)
    }
    return this.#driver.call(request)
  }

  /**
   * Says goodbye; settles when everything is released. Safe to call twice.
   * @param error why the last answer is of no use. The phone then hears no goodbye, and a passkey that it has just made stays
   * unconfirmed.
   */
  close(error?: HybridError): Promise<void> {
    return this.#driver.close(error)
  }
}
