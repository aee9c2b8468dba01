/** A card in a phone’s wallet, as its screen shows it. */
export interface PhoneCard {
  readonly name: string
  readonly holder: string
  readonly issuer: string
}

/** What the site has learned from a card, and how it knows. */
export interface ShownCardView {
  /** By the name of the claim, such as `given_name`. */
  readonly claims: Readonly<Record<string, string>>
  /** Sentences. */
  readonly checks: readonly string[]
}
