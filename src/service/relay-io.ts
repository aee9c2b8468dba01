import type { RoutingId, TunnelId } from '../bytes/brands.js'
import type { ContactTag } from '../bytes/contact-tag.js'
import type { CallAnswer, CallRequest, DirectoryAnswer, HolderAnswer } from '../ports/contact-directory.js'
import type { LinkedCall } from '../tunnel/linked-call.js'
import type { AddressGroups } from './address-groups.js'

export type { CallAnswer, CallRequest } from '../ports/contact-directory.js'

/** One connection to the service. The driver of the relay numbers them and never uses a number twice. */
export type LegId = number

/** The state of the directory: `up` or `down`; `unsettled`: an instance came or went just now. */
export type DirectoryState = 'up' | 'down' | 'unsettled'

/** One call of another instance. The driver of the relay numbers them and never uses a number twice. */
export type CallNumber = number

/** The leg of a request, and the address groups that it counts against. Without groups it counts against no address. */
interface Asking {
  /** The connection that asks. */
  leg: LegId
  /** The address groups that it counts in. */
  from?: AddressGroups | undefined
}

/** What happened outside. */
export type RelayInput =
  /** A phone asks for a new tunnel; the routing ID is fresh. */
  | ({ type: 'new'; routingId: RoutingId; tunnelId: TunnelId } & Asking)
  /** A client asks for the tunnel that a phone opened, or a phone for the one that a linked client did. */
  | ({ type: 'connect'; routingId: RoutingId; tunnelId: TunnelId } & Asking)
  /** A linked client asks for its phone; routing ID and tunnel ID are fresh. The decision comes later. */
  | ({ type: 'contact'; wantsSignal: boolean } & CallRequest & Asking)
  /** The answer to `ask-outside`; `too-often` when a limit did not allow to ask. */
  | { type: 'answered'; leg: LegId; answer: CallAnswer | 'too-often' }
  /** The state of the directory. Without this input the relay has no directory, and asks it nothing. */
  | { type: 'directory'; state: DirectoryState }
  /** The answer to `ask-directory`. */
  | { type: 'told'; leg: LegId; answer: DirectoryAnswer }
  /** Another instance asks for a phone on a line of this one. The answer is the output `reply`. */
  | ({ type: 'called'; call: CallNumber; contact: ContactTag } & LinkedCall)
  /** The phone has registered with another instance since. */
  | { type: 'superseded'; contact: ContactTag }
  /** Phones have given these contact IDs up on other instances. */
  | { type: 'revoked'; contacts: readonly ContactTag[] }
  /** A phone wants to wait for linked clients. */
  | ({ type: 'register' } & Asking)
  /** One binary message. */
  | { type: 'message'; leg: LegId; bytes: Uint8Array }
  /** The socket refused a message; `crumbled`: it comes in more pieces than an honest peer sends. */
  | { type: 'unacceptable'; leg: LegId; fault: 'not-binary' | 'too-long' | 'crumbled' }
  /** Bytes of memory that an incomplete message takes now; 0 without such a message. */
  | { type: 'receiving'; leg: LegId; byteLength: number }
  /** This many more of the messages that were sent to this leg have left for the network. */
  | { type: 'flushed'; leg: LegId; messages: number }
  /** The connection is over; `clean` when it said so in a close frame. */
  | { type: 'gone'; leg: LegId; clean: boolean }
  /** `deadline()` has come. */
  | { type: 'alarm' }
  /**
   * The service is about to be replaced, and still serves everything. Lines are closed one by one within this time, with code 1012,
   * and each that registers later is closed that long after.
   */
  | { type: 'retire'; linesWithinMs: number }
  /**
   * The service is about to stop: it refuses what is new with 503. Tunnels that wait may still be joined, those that are joined
   * may finish, and lines are closed one by one within this time, with code 1012.
   */
  | { type: 'drain'; linesWithinMs: number }
  /** The service stops. */
  | { type: 'shutdown' }

/** What to do about it, in this order. */
export type RelayOutput =
  | { type: 'accept'; leg: LegId }
  | { type: 'refuse'; leg: LegId; status: RefusalStatus }
  /** No phone is on a line for this contact ID. Ask `onCall`, and feed its reply back as `answered`. */
  | { type: 'ask-outside'; leg: LegId; request: CallRequest; from: AddressGroups }
  /** No phone is on a line of this instance. Ask the others, and feed the answer back as `told`. */
  | { type: 'ask-directory'; leg: LegId; contact: ContactTag; call: LinkedCall }
  /** The answer to `called`. */
  | { type: 'reply'; call: CallNumber; answer: HolderAnswer }
  /** A change of lines, or of the contact IDs that phones gave up here. For the directory. */
  | { type: 'lines'; change: 'held' | 'dropped' | 'revoked'; contacts: readonly ContactTag[] }
  /** Send one binary message. */
  | { type: 'send'; leg: LegId; bytes: Uint8Array }
  /** Close the connection with this WebSocket close code. */
  | { type: 'close'; leg: LegId; code: number; reason: string }
  /** End the connection at once, without waiting for the peer’s farewell. */
  | { type: 'cut'; leg: LegId }
  | { type: 'report'; event: TunnelEvent }

/** HTTP status of a refused upgrade: no such tunnel or phone, busy, gone for good, too often, no room. */
export type RefusalStatus = 404 | 409 | 410 | 429 | 503

/** What happened to tunnels and phones. Numbers count up from 1 and say nothing about the identifiers on the wire. */
export type TunnelEvent =
  /** A linked client waits for its phone; it is opened when the phone answers. */
  | { type: 'tunnel-ringing'; tunnel: number }
  /** One side is there: the phone of a QR code, or one that answers a call. */
  | { type: 'tunnel-opened'; tunnel: number }
  /** Both sides are there. */
  | { type: 'tunnel-joined'; tunnel: number }
  /** The tunnel is gone. The reason is that of its close frame, such as `peer closed` or `lifetime over`. */
  | { type: 'tunnel-ended'; tunnel: number; reason: string }
  /** A phone waits on its line for linked clients. */
  | { type: 'phone-reachable'; phone: number }
  /** The phone’s line is gone. The reason is that of its close frame, such as `silent` or `replaced`. */
  | { type: 'phone-left'; phone: number; reason: string }

/** How busy the service is. */
export interface RelayLoad {
  /** Tunnels whose linked clients wait for an answer. */
  readonly ringing: number
  /** Tunnels whose other side has not come. */
  readonly waiting: number
  /** Tunnels with both sides. */
  readonly joined: number
  /** Phones that wait for linked clients. */
  readonly phones: number
  /** Memory of messages that are kept, or sent and not yet read, in bytes: their own bytes, and 512 more each. */
  readonly bufferedBytes: number
  /** Memory of messages that are not whole yet, in bytes: their pieces, and the cost of keeping these. */
  readonly receivingBytes: number
}
