import type { Moment } from './timeline.js'
import type { Scene } from './scene.js'

/** Who is under test. */
export type Role = 'client' | 'phone' | 'service'

/** What RFC 2119 calls so. `must`: an implementation that fails it is unsafe or meets nobody. */
export type Level = 'must' | 'should' | 'may'

/** What a case is about, whatever comes of it. */
export interface CaseFacts {
  /** Letters, digits and hyphens; one of its kind within a role. */
  readonly name: string
  /** What the peer does: “the phone …”. */
  readonly about: string
  /** The number of a heading in the protocol reference. */
  readonly section: string
  readonly level: Level
  readonly expected: string
}

/** What came of a case. */
export interface CaseFinding {
  readonly passed: boolean
  /** False where the command cannot do what the case is about: it has neither passed nor failed. */
  readonly applies?: false
  readonly seen: string
}

/** A case of the catalogue. */
export interface ConformCase extends CaseFacts {
  /** Plays it. What it throws is a failure of the runner and not of the command under test. */
  readonly run: (scene: Scene) => Promise<CaseFinding>
}

/** A case that was played. */
export interface CaseReport extends CaseFacts, CaseFinding {
  readonly durationMs: number
  readonly timeline: readonly Moment[]
}

export const passed = (seen: string): CaseFinding => ({ passed: true, seen })
export const failed = (seen: string): CaseFinding => ({ passed: false, seen })
/** @param why the command cannot do what the case is about. */
export const notApplicable = (why: string): CaseFinding => ({ passed: false, applies: false, seen: why })
