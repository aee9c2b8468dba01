import type { Invocation } from '../invocation.js'
import type { Terminal } from '../question.js'
import type { TrialFolder } from './folder.js'
import type { TrialParty } from './party.js'
import type { Person } from './person.js'
import type { TrialRole } from './record.js'
import type { TrialStep } from './step.js'

/** A trial that has begun. */
export interface BegunTrial {
  readonly invocation: Invocation
  readonly folder: TrialFolder
  readonly party: TrialParty
  readonly person: Person
  /** Where the person is. */
  readonly terminal: Terminal
  readonly signal: AbortSignal
}

/** A role whose options have been read. */
interface PreparedRole<Desk> {
  /** The kind of radio, for the report. */
  readonly radio: string
  /** That of the page that it serves. */
  readonly origin: string | undefined
  /** Ends what it serves. */
  readonly close: () => Promise<void>
  /** Makes what the steps work with. @throws StoreError. */
  readonly open: (trial: BegunTrial) => Promise<Desk>
}

/** One of the two sides that this command can be in a trial. */
export interface RolePlan<Desk> {
  readonly role: TrialRole
  readonly steps: readonly TrialStep<Desk>[]
  /** @throws CommandLineError. */
  readonly prepare: (invocation: Invocation) => Promise<PreparedRole<Desk>>
}

/** The kind of radio in what `--scan` or `--advertise` says. */
export function radioKind(how: string): string {
  return how.split(':', 1).join()
}
