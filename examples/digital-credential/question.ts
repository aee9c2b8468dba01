import type { X509Certificate } from '@peculiar/x509'
import type { JsonObject } from 'fido-hybrid'
import type { Signatory } from './authority.js'

/** Who asks, and whose cards are believed. */
export interface VerifierOptions {
  readonly origin: string
  /** Signs what is asked in `openid4vp-v1-signed`. */
  readonly signatory: Signatory
  /** Who vouches for colleges. */
  readonly issuerRoots: readonly X509Certificate[]
}

/** What a card said, and what was checked of it, in plain words. */
export interface Verified {
  readonly claims: Readonly<Record<string, unknown>>
  readonly checks: readonly string[]
}

/** One request. It can be answered once: a second one has another nonce. */
export interface Question {
  readonly request: { readonly protocol: Protocol; readonly data: object }
  /**
   * Checks the answer to this request.
   * @throws Error for an answer that proves nothing.
   */
  verify(data: JsonObject): Promise<Verified>
}

export type Protocol = 'openid4vp-v1-unsigned' | 'openid4vp-v1-signed' | 'org-iso-mdoc'
