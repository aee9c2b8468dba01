import { SECOND_MS } from '../../ports/clock.js'
import { parseOrigin } from '../../webauthn/origin.js'
import { badUsage, checkUsage } from '../failure.js'
import type { GivenOptions } from '../options/given.js'
import type { StepTitle } from './step.js'

/** A name that no site can have (RFC 2606): phones show it, and keep the passkeys under it. */
export const TRIAL_ORIGIN = 'https://fido-hybrid.example'

const SECONDS = /^\d{1,4}(?:\.\d+)?$/

/** The relying party’s origin; undefined unless given. @throws CommandLineError. */
export function readOrigin(options: GivenOptions): string | undefined {
  const given = options.text('origin')
  return given === undefined ? undefined : checkUsage(() => parseOrigin(given).serialized)
}

/** The steps that `--steps` names, in the order of the plan. @throws CommandLineError for an unknown name. */
export function readSteps<Step extends StepTitle>(
  options: GivenOptions,
  steps: readonly Step[],
): readonly Step[] | undefined {
  const given = options.text('steps')
  if (given === undefined) return undefined
  const names = given.split(',').map(name => name.trim())
  const unknown = names.find(name => !steps.some(step => step.name === name))
  if (unknown !== undefined)
    throw badUsage(`--steps takes names out of ${steps.map(({ name }) => name).join(',')}, not ${unknown}`)
  return steps.filter(({ name }) => names.includes(name))
}

/** `--wait` in ms. @throws CommandLineError. */
export function readWait(options: GivenOptions): number {
  const given = options.requiredText('wait')
  const seconds = SECONDS.test(given) ? Number(given) : 0
  if (seconds > 0) return seconds * SECOND_MS
  throw badUsage(`--wait takes a number of seconds above 0, not ${given}`)
}
