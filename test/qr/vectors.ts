/** The shape of `fixtures/qr.json`. */
export interface QrVectors {
  readonly known: readonly (QrVector & { valid: boolean })[]
  readonly real: readonly QrVector[]
  readonly validUrls: readonly { url: string }[]
  readonly invalidUrls: readonly { url: string; note?: string }[]
}

interface QrVector {
  readonly name: string
  readonly cbor: string
  readonly url: string
  readonly expect?: {
    readonly publicKeyUncompressed?: string
    readonly publicKeyCompressed?: string
    readonly secret: string
    readonly knownDomains: number
    readonly time?: number
    readonly supportsLinking: boolean | null
    readonly requestType: string
    readonly channels?: number[]
    readonly unknownKeys?: number[]
  }
}
