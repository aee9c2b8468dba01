import { nodeCryptoProvider } from '../../src/adapters/node-crypto/node-crypto.js'
import { lineKey, routingId, tunnelId } from '../../src/bytes/brands.js'
import type { ContactId, LineKey, RoutingId, TunnelId } from '../../src/bytes/brands.js'
import { deriveContactId } from '../../src/crypto/derive.js'
import type { AddressGroups } from '../../src/service/address-groups.js'
import { serviceLimits } from '../../src/service/limits.js'
import type { TunnelServiceLimits } from '../../src/service/limits.js'
import type { CallAnswer, RelayInput, RelayLoad, RelayOutput } from '../../src/service/relay-io.js'
import { Relay } from '../../src/service/relay.js'
import { encodePhoneFrame } from '../../src/tunnel/contact-frames.js'
import type { PhoneFrame } from '../../src/tunnel/contact-frames.js'
import type { CallReply } from '../../src/tunnel/linked-call.js'

/* One relay, a phone on its line, and a linked client, without sockets. */

export const LINE = 1
export const CLIENT = 2
export const PHONE = 3
export const LATE = 4
export const OTHER_LINE = 5
export const ROUTING: RoutingId = routingId(Uint8Array.of(1, 2, 3))
export const TUNNEL: TunnelId = tunnelId(new Uint8Array(16).fill(7))
export const OTHER_TUNNEL: TunnelId = tunnelId(new Uint8Array(16).fill(8))
export const PAYLOAD: Uint8Array = Uint8Array.of(0xa0)
export const keyOf = (byte: number): LineKey => lineKey(new Uint8Array(32).fill(byte))
export const contactOf = (key: LineKey): ContactId => deriveContactId(nodeCryptoProvider, key)
export const KEY: LineKey = keyOf(0x11)
export const OTHER_KEY: LineKey = keyOf(0x22)

let relay = new Relay(serviceLimits(), nodeCryptoProvider)

/** A relay that nobody has spoken to yet. */
export function withLimits(limits: Partial<TunnelServiceLimits>): void {
  relay = new Relay(serviceLimits(limits), nodeCryptoProvider)
}

export const load = (): RelayLoad => relay.load()

export const deadline = (): number | undefined => relay.deadline()

export const step = (input: RelayInput, now = 0): readonly RelayOutput[] => relay.step(input, now)

export const say = (leg: number, frame: PhoneFrame, now = 0): readonly RelayOutput[] =>
  step({ type: 'message', leg, bytes: encodePhoneFrame(frame) }, now)

export function register(
  leg: number = LINE,
  key: LineKey = KEY,
  revoked: readonly LineKey[] = [],
  now = 0,
  from: AddressGroups = [],
): readonly RelayOutput[] {
  return [...step({ type: 'register', leg, from }, now), ...say(leg, { type: 'register', key, revoked }, now)]
}

interface Asking {
  readonly leg?: number
  readonly key?: LineKey
  readonly id?: TunnelId
  readonly wantsSignal?: boolean
  readonly now?: number
  readonly from?: AddressGroups
}

export function contact({
  leg = CLIENT,
  key = KEY,
  id = TUNNEL,
  ...rest
}: Asking = {}): readonly RelayOutput[] {
  const { wantsSignal = false, now = 0, from = [] } = rest
  const ids = { contactId: contactOf(key), routingId: ROUTING, tunnelId: id }
  return step({ type: 'contact', leg, ...ids, clientPayload: PAYLOAD, wantsSignal, from }, now)
}

export const reply = (word: CallReply, leg: number = LINE, id: TunnelId = TUNNEL): readonly RelayOutput[] =>
  say(leg, { type: 'reply', tunnelId: id, reply: word })

export const join = (leg: number = PHONE, now = 0): readonly RelayOutput[] =>
  step({ type: 'connect', leg, routingId: ROUTING, tunnelId: TUNNEL }, now)

export const answered = (answer: CallAnswer): readonly RelayOutput[] =>
  step({ type: 'answered', leg: CLIENT, answer })

export const message = (leg: number, ...bytes: readonly number[]): readonly RelayOutput[] =>
  step({ type: 'message', leg, bytes: Uint8Array.from(bytes) })

/** Time passes. */
export const alarm = (now: number): readonly string[] => acts(step({ type: 'alarm' }, now))

/** What happens to connections, in short: `2 accept`, `2 refuse 404`, `3 close 1000`, `2 send 0001`, `2 ring`. */
export function acts(outputs: readonly RelayOutput[]): readonly string[] {
  return outputs.flatMap(output => {
    switch (output.type) {
      case 'report':
      case 'lines':
        return []
      case 'reply':
        return [`reply ${output.call} ${output.answer}`]
      case 'refuse':
        return [`${output.leg} refuse ${output.status}`]
      case 'close':
        return [`${output.leg} close ${output.code}`]
      case 'send':
        return [`${output.leg} send ${Buffer.from(output.bytes).toString('hex')}`]
      default:
        return [`${output.leg} ${output.type}`]
    }
  })
}

export const reports = (outputs: readonly RelayOutput[]): readonly unknown[] =>
  outputs.flatMap(output => (output.type === 'report' ? [output.event] : []))

export const CONTACT_FRAME: string = `82010203${'07'.repeat(16)}a0`
