/** Who sent an advert, as the radio that heard it says: where its data channel is dialled (protocol.md 16.3). */
export interface AdvertSender {
  /** Device address, `AA:BB:CC:DD:EE:FF`, or what the radio has in its place. */
  readonly address: string
  /** `random` is what phones have; it changes every few minutes. */
  readonly addressType: 'public' | 'random'
  /** The adapter of this machine that heard it, by its own address; `00:00:00:00:00:00` unless given, which is any. */
  readonly adapter?: string | undefined
}
