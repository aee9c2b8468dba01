/** A QR code without its quiet zone. */
export interface QrSymbol {
  /** Modules a side. */
  readonly size: number
  /** Row by row: 1 is dark. */
  readonly modules: Uint8Array
}
