import type { ProgressEvent } from '../driver/progress.js'
import type { ErrorCode, Stage } from '../errors.js'
import type { TransactionKind } from '../handshake/transaction-pattern.js'
import type { Proximity } from '../ports/ble.js'
import type { DataChannelName } from '../qr/data-channel.js'
import type { RequestType } from '../qr/request-type.js'
import type { WebAuthnErrorName } from '../webauthn/error-name.js'
import type { SystemCode } from './system-codes.js'

/** The version of this format. */
export const TRACE_FORMAT = 1

/** The way to a radio. */
export type TracedRadio = 'auto' | 'bluez' | 'noble' | 'bleno' | 'air' | 'stdin' | 'stdout'

/** What a program says about itself: the first record of a run’s trace. */
export interface TraceAbout {
  /** Of this library. */
  readonly library?: string | undefined
  /** What it runs in. */
  readonly runtime?: 'node' | 'deno' | 'bun' | 'electron' | 'browser' | undefined
  /** Its numbers, such as `22.12.0`. */
  readonly runtimeVersion?: string | undefined
  /** The operating system. */
  readonly os?: 'linux' | 'darwin' | 'win32' | 'android' | 'freebsd' | 'openbsd' | undefined
  /** Its numbers. */
  readonly osVersion?: string | undefined
  /** The processor. */
  readonly arch?: 'x64' | 'arm64' | 'arm' | 'ia32' | 'riscv64' | 'ppc64' | 's390x' | 'loong64' | undefined
  readonly radio?: TracedRadio | undefined
}

/** A run begins. */
export interface RunRecord extends TraceAbout {
  readonly type: 'trace'
  readonly format: typeof TRACE_FORMAT
}

/** A session begins: one transaction with the other device. */
export interface SessionRecord {
  readonly type: 'session'
  /** Counts from 1 in each run. */
  readonly session: number
  /** The side that the program plays. */
  readonly role: 'client' | 'authenticator'
  readonly kind: TransactionKind
  readonly requestType?: RequestType | undefined
  readonly proximity: Proximity
  /** On the phone: how old the QR code was. */
  readonly qrAgeSeconds?: number | undefined
}

/** What all that happens in a session has. */
interface Moment {
  /** Counts from 1 in each run. */
  readonly session: number
  /** Since the session began, by a clock that never goes back. */
  readonly ms: number
}

/** One error of a chain of causes, by its code. */
export interface TracedError {
  /** `other`: an error without a code of this library or the system. */
  readonly code: ErrorCode | SystemCode | 'other'
  readonly stage?: Stage | undefined
  /** HTTP status of a refused tunnel, or CTAP2 status. */
  readonly status?: number | undefined
  /** Of the WebSocket. */
  readonly closeCode?: number | undefined
}

/** A step of progress. */
export interface ProgressRecord extends Moment {
  readonly type: 'step'
  /** As `onProgress` hears it. */
  readonly event: ProgressEvent['event']
  /** The error and its causes, where the step has one. */
  readonly errors?: readonly TracedError[] | undefined
}

/** A tunnel is dialled. */
export interface DialRecord extends Moment {
  readonly type: 'dial'
  /** Whose tunnel service: those that phones come with, this machine, or any other, which stays unnamed. */
  readonly to: 'google' | 'apple' | 'loopback' | 'other'
  /** Whether with TLS. */
  readonly secure: boolean
}

/** A message goes through the tunnel, or through a data channel. */
export interface MessageRecord extends Moment {
  /** The direction, seen from the program. */
  readonly type: 'sent' | 'received'
  /** Length on the wire. */
  readonly bytes: number
}

/** The client hears its phone. */
export interface AdvertRecord extends Moment {
  readonly type: 'advert'
  /** Length of the service data. */
  readonly bytes: number
  /** How many hybrid adverts were heard until then, this one included. */
  readonly heard: number
}

/** The phone puts its advert on the air. */
export interface AdvertisedRecord extends Moment {
  readonly type: 'advertised'
  /** Length of the service data. */
  readonly bytes: number
}

/** What the phone says about itself. Words that the format does not have are counted as `others`. */
export interface IntroductionRecord extends Moment {
  readonly type: 'introduction'
  /** Those of its features that this format knows. */
  readonly features: readonly ('ctap' | 'dc')[]
  /** Such as `FIDO_2_1`. */
  readonly versions?: readonly string[] | undefined
  /** Such as `prf`. */
  readonly extensions?: readonly string[] | undefined
  /** Names of options, those that are false with `-` before. */
  readonly options?: readonly string[] | undefined
  /** Such as `hybrid`. */
  readonly transports?: readonly string[] | undefined
  /** The identifier of the phone’s model. */
  readonly aaguid?: string | undefined
  /** COSE identifiers. */
  readonly algorithms?: readonly number[] | undefined
  /** In bytes. */
  readonly maxMsgSize?: number | undefined
  /** The most credentials in a list. */
  readonly maxCredentialCountInList?: number | undefined
  /** In bytes. */
  readonly maxCredentialIdLength?: number | undefined
  /** How many words of its introduction this format does not know. */
  readonly others: number
}

/** A request, on its way out of the client or into the phone. */
export interface RequestRecord extends Moment {
  readonly type: 'request'
  /** CTAP2 command byte; absent for JSON. */
  readonly command?: number | undefined
  /** Before it is sealed. */
  readonly bytes: number
}

/** An answer. */
export interface AnswerRecord extends Moment {
  readonly type: 'answer'
  /** CTAP2 status byte; absent for JSON, and where the phone’s user has hung up. */
  readonly status?: number | undefined
  /** Before it is sealed. */
  readonly bytes: number
}

/** The tunnel was closed by the other side. */
export interface ClosedRecord extends Moment {
  readonly type: 'tunnel-closed'
  /** Of the WebSocket; 1006 where the tunnel was cut. */
  readonly closeCode: number
}

/** One of the ways to the other device is lost, and the session goes on. */
export interface LostRecord extends Moment {
  readonly type: 'lost'
  /** Which of the ways. */
  readonly way: DataChannelName
  /** The error and its causes; absent where the other side has closed it. */
  readonly errors?: readonly TracedError[] | undefined
}

/** A session is over. */
export interface EndRecord extends Moment {
  readonly type: 'end'
  /** How many hybrid adverts a client heard, of any phones. */
  readonly heard?: number | undefined
  /** The error and its causes; absent after a success. */
  readonly errors?: readonly TracedError[] | undefined
}

/** The program fails with this: before a session, after one, or with the error of one. */
export interface FailureRecord {
  readonly type: 'failure'
  /** The name that a browser would give to the error. */
  readonly name?: WebAuthnErrorName | undefined
  /** The error and its causes. */
  readonly errors: readonly TracedError[]
}

/** The trace is full: the rest did not fit. */
export interface FullRecord {
  readonly type: 'full'
}

/** One line of a trace. */
export type TraceRecord =
  | RunRecord
  | SessionRecord
  | ProgressRecord
  | DialRecord
  | MessageRecord
  | AdvertRecord
  | AdvertisedRecord
  | IntroductionRecord
  | RequestRecord
  | AnswerRecord
  | ClosedRecord
  | LostRecord
  | EndRecord
  | FailureRecord
  | FullRecord
