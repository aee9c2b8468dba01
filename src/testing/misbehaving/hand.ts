import type { RawTraffic } from './raw-traffic.js'

/** What a peer has at hand when it is its turn. */
export interface Hand {
  /** What a decent peer would send now; a plaintext once there is traffic, a frame before. */
  readonly proper: Uint8Array
  /** Frames it sent before, oldest first. */
  readonly sent: readonly Uint8Array[]
  /** Frames it got, oldest first. */
  readonly got: readonly Uint8Array[]
  /** Undefined until both handshake messages are made. */
  readonly traffic: RawTraffic | undefined
  /** Sends a frame as it is; for an advert, puts it on the air. */
  send(frame: Uint8Array): void
  /** Seals a plaintext in its turn, and sends it. */
  say(plaintext: Uint8Array): void
  hangUp(): void
}

/** What a peer does when it is its turn. */
export type Deed = (hand: Hand) => void

/** What a peer does at each of its moments; where nothing is said, what a decent one does. */
export type Deeds<Moment extends string> = Readonly<Partial<Record<Moment, Deed>>>

/** A decent peer’s turn. */
export const sendsProper: Deed = hand => {
  if (hand.traffic === undefined) hand.send(hand.proper)
  else hand.say(hand.proper)
}

export const silence: Deed = () => undefined

export const hangsUp: Deed = hand => {
  hand.hangUp()
}

/** Bytes, or what makes them of what the peer has at hand. */
export type Bytes = Uint8Array | ((hand: Hand) => Uint8Array)

export const bytesOf = (bytes: Bytes, hand: Hand): Uint8Array =>
  typeof bytes === 'function' ? bytes(hand) : bytes

/** Sends another frame instead. */
export const sends =
  (frame: Bytes): Deed =>
  hand =>
    hand.send(bytesOf(frame, hand))

/** Says something else instead. */
export const says =
  (plaintext: Bytes): Deed =>
  hand =>
    hand.say(bytesOf(plaintext, hand))

/** One after the other. */
export const both =
  (...deeds: readonly Deed[]): Deed =>
  hand => {
    for (const deed of deeds) deed(hand)
  }
