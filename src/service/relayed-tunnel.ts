import type { RoutingId, TunnelId } from '../bytes/brands.js'
import type { ContactTag } from '../bytes/contact-tag.js'
import type { CallRequest } from '../ports/contact-directory.js'
import type { AddressGroups } from './address-groups.js'
import type { LegId } from './relay-io.js'
import type { Outbox } from './outbox.js'
import type { Leg } from './parting.js'

/** How both sides name a tunnel, and who opens it. */
export interface Opening extends TunnelIds {
  readonly from?: AddressGroups | undefined
}

/** How both sides name a tunnel. */
export interface TunnelIds {
  readonly routingId: RoutingId
  readonly tunnelId: TunnelId
}

/** How a linked client asks for its phone, while it waits for the answer. */
export interface HeldCall {
  readonly contact: ContactTag
  /** The phone’s line that carries the call; undefined when the directory or the callback `onCall` is asked instead. */
  readonly line: LegId | undefined
  readonly request: CallRequest
  readonly from: AddressGroups
  /** When the client came. */
  readonly since: number
}

export interface RelayedTunnel {
  readonly number: number
  readonly key: string
  /** The routing ID, as a number. */
  readonly route: number
  /** The phone of a QR code, or a linked client. */
  readonly opener: Leg
  /** The side that comes second: the client of a QR code, or a linked phone. */
  readonly joiner: Leg | undefined
  /** Messages for the joiner. It exists before the joiner does, because the opener may already send. */
  readonly toJoiner: Outbox
  /** Only of a linked client’s tunnel that rings. */
  readonly call: HeldCall | undefined
  /** Whether the linked client wants a signal when its phone joins. */
  readonly wantsSignal: boolean
  /** The address groups that the tunnel counts in. */
  readonly from: AddressGroups
  readonly deadline: number
}

/** The bytes as a text of as many characters, which is made and found three times as fast as hex. */
export function keyOf(tunnelId: TunnelId): string {
  let key = ''
  for (const byte of tunnelId) key += String.fromCharCode(byte)
  return key
}

/** The three bytes as a number, which takes a tenth of the memory of an array. */
export function routeOf([first = 0, second = 0, third = 0]: RoutingId): number {
  return (first << 16) | (second << 8) | third
}

export function legsOf({ opener, joiner }: RelayedTunnel): readonly Leg[] {
  return joiner === undefined ? [opener] : [opener, joiner]
}
