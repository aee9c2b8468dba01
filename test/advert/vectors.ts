/** The shape of `fixtures/eid.json`. */
export interface EidVectors {
  readonly adverts: readonly (Plaintext & {
    name: string
    secret: string
    salt: string
    eidKey: string
    advert: string
  })[]
  readonly plaintexts: readonly Plaintext[]
  readonly rejected: readonly { advert: string; secret: string; note: string }[]
  readonly suffixes: readonly { suffix: string; psm?: number | null; error?: boolean; note?: string }[]
  readonly capturedServiceData: readonly {
    serviceData: string
    advert: string
    suffix: string
    psm: number
  }[]
}

interface Plaintext {
  readonly plaintext: string
  readonly valid?: boolean
  readonly note?: string
  readonly nonce?: string
  readonly routingId?: string
  readonly encodedDomain?: number
}
