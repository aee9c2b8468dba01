/** A question of an authenticator or a wallet to its user. All text is harmless, but as the site wrote it. */
export interface PromptView {
  readonly id: string
  readonly operation: 'register' | 'sign-in' | 'already-registered' | 'select' | 'show-card'
  readonly rpId: string
  readonly rpName: string
  /** The account of a new passkey. */
  readonly user?: { readonly name: string; readonly displayName: string }
  /** To choose from at `sign-in`; those excluded at `already-registered`; those that will be replaced at `register`. */
  readonly accounts: readonly PromptAccount[]
  readonly userVerification: boolean
  /** What is asked for of a card. */
  readonly claims?: readonly string[]
}

export interface PromptAccount {
  readonly userName: string
  readonly displayName: string
  readonly createdAt: number
  readonly isConfirmed: boolean
}

/** What the user does: `ignore` leaves the question standing until the other side loses patience. */
export type PromptAnswer =
  | { readonly deed: 'approve'; readonly account: number }
  | { readonly deed: 'refuse' }
  | { readonly deed: 'fail-verification' }
  | { readonly deed: 'ignore' }
