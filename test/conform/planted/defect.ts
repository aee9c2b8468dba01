import type { Role } from '../../../src/conform/case.js'

/** Where a defect is seen. */
export interface Sighting {
  /** Of the defect. */
  readonly name: string
  readonly role: Role
  /** The case that has to find it. */
  readonly foundBy: string
}

/** One way in which a copy of our command is broken. */
export interface Defect extends Sighting {
  /** From `src/`. */
  readonly file: string
  /** An expression that is there once. */
  readonly good: string
  /** What is in its place while the environment variable names this defect. */
  readonly bad: string
}

/** The environment variable that names the defect of a process. */
export const PLANTED = 'PLANTED_DEFECT'
