import type { RawTraffic } from './raw-traffic.js'

/** What a peer has at hand when it is its turn. */
export interface Turn {
  /** What a decent peer would send now; a plaintext once there is traffic, a frame before. */
  readonly proper: Uint8Array
  /** Frames it sent before, oldest first. */
  readonly sent: readonly Uint8Array[]
  /** Frames it got, oldest first. */
  readonly got: readonly Uint8Array[]
  /** Undefined until both handshake messages are made. */
  readonly traffic: RawTraffic | undefined
  /** Sends a frame as it is; for an advert, puts it on the air. */
  sendFrame(frame: Uint8Array): void
  /** Seals a plaintext in its turn, and sends it. */
  sendSealed(plaintext: Uint8Array): void
  /** Closes the tunnel without a goodbye. */
  hangUp(): void
}

/** What a peer does when it is its turn. */
export type Act = (hand: Turn) => void

/** What a peer does at each of its moments. Without an act it does what a decent peer does. */
export type Acts<Moment extends string> = Readonly<Partial<Record<Moment, Act>>>

/** A decent peer’s turn. */
export const sendsProper: Act = hand => {
  if (hand.traffic === undefined) hand.sendFrame(hand.proper)
  else hand.sendSealed(hand.proper)
}

export const silence: Act = () => undefined

export const hangsUp: Act = hand => {
  hand.hangUp()
}

/** Bytes, or what makes them of what the peer has at hand. */
export type Bytes = Uint8Array | ((hand: Turn) => Uint8Array)

export const bytesOf = (bytes: Bytes, hand: Turn): Uint8Array =>
  typeof bytes === 'function' ? bytes(hand) : bytes

/** Sends another frame instead. */
export const sendsFrame =
  (frame: Bytes): Act =>
  hand =>
    hand.sendFrame(bytesOf(frame, hand))

/** Says something else instead. */
export const sendsSealed =
  (plaintext: Bytes): Act =>
  hand =>
    hand.sendSealed(bytesOf(plaintext, hand))

/** One after the other. */
export const both =
  (...acts: readonly Act[]): Act =>
  hand => {
    for (const act of acts) act(hand)
  }
