import { cases } from '../support/cases.js'
import type { Case } from '../support/cases.js'

interface Plaintext {
  readonly advertPlaintext: string
  readonly nonce?: string
  readonly routingId?: string
  readonly encodedDomain?: number
}

interface Advert extends Plaintext {
  readonly secret: string
  readonly salt: string
  readonly eidKey: string
  readonly advert: string
}

interface Suffix {
  readonly suffix: string
  readonly psm?: number | null
}

interface ServiceData extends Suffix {
  readonly serviceData: string
  readonly advert: string
}

// The groups of `fixtures/eid.json`.
export const adverts: readonly Case<Advert>[] = cases('eid', 'adverts')
export const plaintexts: readonly Case<Plaintext>[] = cases('eid', 'plaintexts')
export const refusedAdverts: readonly Case<Pick<Advert, 'advert' | 'secret'>>[] = cases('eid', 'refused')
export const suffixes: readonly Case<Suffix>[] = cases('eid', 'suffixes')
export const serviceData: readonly Case<ServiceData>[] = cases('eid', 'serviceData')
