import type { MachineInput, MachineOutput, MachineProgress } from './machine-io.js'

/** What an authenticator session is told. */
export type AuthenticatorInput =
  | MachineInput
  /** The handler’s answer: status byte ‖ CBOR; undefined to hang up without one. */
  | { readonly type: 'answer'; readonly message: Uint8Array | undefined }

/** The words for an authenticator’s progress that a session knows of; the driver adds `advertising` and `awaiting-user`. */
export type AuthenticatorProgress = MachineProgress | 'linked' | 'request-received'

/** What an authenticator session wants done. */
export type AuthenticatorOutput =
  | MachineOutput
  | { readonly type: 'progress'; readonly event: AuthenticatorProgress }
  /** Put these bytes on the air as service data of UUID FFF9 until told to stop. */
  | { readonly type: 'advertise'; readonly serviceData: Uint8Array }
  | { readonly type: 'stop-advertising' }
  /** The client said goodbye after an answer: it has them all. */
  | { readonly type: 'goodbye' }
  /** Command byte ‖ CBOR, unchecked; answer it with `answer`. */
  | { readonly type: 'request'; readonly message: Uint8Array }
