import type { HybridError } from '../errors.js'
import type { JsonValue } from '../message/json.js'
import type { MachineInput, MachineOutput, MachineProgress } from './machine-io.js'

/** What an authenticator session is told. */
export type AuthenticatorInput =
  | MachineInput
  /** Data channels are taken at this PSM, 1 to 255. */
  | { readonly type: 'listening'; readonly psm: number }
  /** Data channels are not taken, or not any more. */
  | { readonly type: 'listening-failed'; readonly error: HybridError }
  /** The handler’s answer: status byte ‖ CBOR; undefined to hang up without one. */
  | { readonly type: 'answer'; readonly message: Uint8Array | undefined }
  /** The handler’s answer where the connection carries JSON, as `encodeJson` writes it; undefined to hang up without one. */
  | { readonly type: 'json-answer'; readonly text: string | undefined }

/** The words for an authenticator’s progress that a session knows of; the driver adds `advertising` and `awaiting-user`. */
export type AuthenticatorProgress = MachineProgress | 'linked' | 'request-received'

/** What an authenticator session wants done. */
export type AuthenticatorOutput =
  | MachineOutput
  /** A step for `onProgress`. */
  | { readonly type: 'progress'; readonly event: AuthenticatorProgress }
  /** Put these bytes on the air as service data of UUID FFF9 until told to stop. */
  | {
      readonly type: 'advertise'
      readonly serviceData: Uint8Array
      /** Whether others have to be able to connect to the sender. */
      readonly connectable?: boolean | undefined
    }
  | { readonly type: 'stop-advertising' }
  /** Take BLE data channels. */
  | { readonly type: 'listen' }
  | { readonly type: 'stop-listening' }
  /** The tunnel is not needed: close it, and do not report its end. */
  | { readonly type: 'close-tunnel' }
  /** The client said goodbye after an answer: it has all answers. */
  | { readonly type: 'goodbye' }
  /** Command byte ‖ CBOR, unchecked; answer it with `answer`. */
  | { readonly type: 'request'; readonly message: Uint8Array }
  /** The one request of a connection that carries JSON, its shape unchecked; answer it with `json-answer`. */
  | { readonly type: 'json-request'; readonly value: JsonValue }
