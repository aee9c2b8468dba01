/** How much a decoder takes from a stranger. */
export interface CborLimits {
  /** Bytes of the whole encoding; 1 MiB unless given. */
  readonly maxBytes: number
  /** Arrays and maps around an item; 16 unless given, 256 at most. */
  readonly maxDepth: number
  /** Items of all kinds, keys and values each counted; 10 000 unless given. */
  readonly maxItems: number
}

export const DEFAULT_CBOR_LIMITS: CborLimits = { maxBytes: 1_048_576, maxDepth: 16, maxItems: 10_000 }

/** The decoder calls itself for each level; this many fit the stack of every runtime. */
export const DEEPEST_CBOR = 256
