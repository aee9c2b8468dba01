import type { JsonValue } from '../message/json.js'
import type { MachineInput, MachineOutput, MachineProgress } from './machine-io.js'

/** What an authenticator session is told. */
export type AuthenticatorInput =
  | MachineInput
  /** The handler’s answer: status byte ‖ CBOR; undefined to hang up without one. */
  | { readonly type: 'answer'; readonly message: Uint8Array | undefined }
  /** The same where the connection carries JSON: as `encodeJson` writes it, or undefined. */
  | { readonly type: 'json-answer'; readonly text: string | undefined }

/** The words for an authenticator’s progress that a session knows of; the driver adds `advertising` and `awaiting-user`. */
export type AuthenticatorProgress = MachineProgress | 'linked' | 'request-received'

/** What an authenticator session wants done. */
export type AuthenticatorOutput =
  | MachineOutput
  /** A step for `onProgress`. */
  | { readonly type: 'progress'; readonly event: AuthenticatorProgress }
  /** Put these bytes on the air as service data of UUID FFF9 until told to stop. */
  | { readonly type: 'advertise'; readonly serviceData: Uint8Array }
  | { readonly type: 'stop-advertising' }
  /** The client said goodbye after an answer: it has them all. */
  | { readonly type: 'goodbye' }
  /** Command byte ‖ CBOR, unchecked; answer it with `answer`. */
  | { readonly type: 'request'; readonly message: Uint8Array }
  /** The one request of a connection that carries JSON, its shape unchecked; answer it with `json-answer`. */
  | { readonly type: 'json-request'; readonly value: JsonValue }
