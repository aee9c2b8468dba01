import type { Finding } from './ceremony.js'

export interface Readiness {
  readonly findings: readonly Finding[]
}

/** A phone that the laptop remembers. */
export interface KnownPhone {
  /** base64url. */
  readonly id: string
  readonly name: string
}
