import type { AdvertSender } from '../advert/sender.js'
import type { GetInfo } from '../ctap/get-info.js'
import type { HybridError } from '../errors.js'
import type { JsonValue } from '../message/json.js'
import type { NewLink } from './client-transaction.js'
import type { MachineInput, MachineOutput, MachineProgress } from './machine-io.js'

/** What a client session is told. */
export type ClientInput =
  | MachineInput
  /** Service data heard under one of the two UUIDs; strangers’ adverts are welcome. */
  | { readonly type: 'advert'; readonly serviceData: Uint8Array; readonly from?: AdvertSender | undefined }
  /** One CTAP2 command: command byte ‖ CBOR. */
  | { readonly type: 'request'; readonly message: Uint8Array }
  /** The one request of a connection that carries JSON, as `encodeJson` writes it. */
  | { readonly type: 'json-request'; readonly text: string }

/** The words for a client’s progress that a session knows of; the driver adds `scanning`, the role `qr-shown`. */
export type ClientProgress =
  MachineProgress | 'advert-seen' | 'channel-connecting' | 'request-sent' | 'awaiting-user'

/** The phone’s first message: who it is and what it can do. */
export interface Introduction {
  /** There exactly where the connection carries CTAP2. */
  readonly getInfo?: GetInfo | undefined
  /** The same as CBOR, as it came, without status byte. Unread where the connection carries JSON; absent without feature `ctap`. */
  readonly getInfoBytes?: Uint8Array | undefined
  /** `ctap` for passkeys, `dc` for digital credentials, and whatever else the phone offers. */
  readonly features: readonly string[]
}

/** What a client session wants done. */
export type ClientOutput =
  | MachineOutput
  /** A step for `onProgress`. */
  | { readonly type: 'progress'; readonly event: ClientProgress }
  | { readonly type: 'start-ble-scan' }
  | { readonly type: 'stop-ble-scan' }
  /** Dial once the scan has stopped: a radio either scans or dials. */
  | {
      readonly type: 'dial-channel'
      readonly channel: number
      readonly to: AdvertSender
      /** 1 to 255. */
      readonly psm: number
    }
  | { readonly type: 'connected'; readonly introduction: Introduction }
  /** The phone wants to be remembered, and has proved its key: keep this. */
  | { readonly type: 'link'; readonly link: NewLink }
  /** The phone’s update was malformed: it gives no link, and the session goes on. */
  | { readonly type: 'not-linked'; readonly error: HybridError }
  /** Status byte ‖ CBOR. */
  | { readonly type: 'response'; readonly message: Uint8Array }
  | { readonly type: 'json-response'; readonly value: JsonValue }
