import type { Qr } from 'fido-hybrid'
import type { Verified } from './verified.js'

/** Who does something. */
export type Who = 'laptop' | 'phone' | 'service' | 'relying-party'

/** One thing that somebody did. */
export interface Step {
  readonly who: Who
  /** For scripts: one word, the same as in the library’s progress where it has one. */
  readonly event: string
  /** For people: what `who` does. */
  readonly words: string
  /** For scripts: what else is known. */
  readonly facts?: Readonly<Record<string, string | number>>
}

/** Tells the story while it happens. */
export interface Narrator {
  tell(step: Step): void
  draw(qr: Qr): void
  /** Something that a person has to do. */
  prompt(words: string): void
  conclude(verified: Verified, totals: { readonly messages: number }): void
  fail(error: unknown): void
}

/** Where the story goes. */
export interface Page {
  out(text: string): void
  /** For words outside the story, such as prompts. */
  err(text: string): void
  /** Letters in a line of a terminal. */
  readonly columns?: number | undefined
  /** Milliseconds since the demo began. */
  elapsed(): number
}
