import type { PasskeyDesk, Variant } from './passkey-desk.js'
import { VERIFIED } from './step.js'
import type { TrialStep } from './step.js'

/** A step of both roles, without what the person is to do and to see. */
type SharedStep = Omit<TrialStep<PasskeyDesk<Variant>>, 'todo' | 'seen'>

const step = (
  name: string,
  title: string,
  run: SharedStep['tries'][number]['run'],
  others: Partial<SharedStep> = {},
): SharedStep => ({ name, title, needsPasskey: true, tries: [{ run }], passes: [VERIFIED], ...others })

/** The steps that both roles have; each role says them in its words. */
export const DOCTOR: SharedStep = step('doctor', 'Look at this machine', desk => desk.examine(), {
  needsPasskey: false,
  passes: ['works'],
})

export const REGISTER: SharedStep = step(
  'register',
  'Register a passkey',
  (desk, watch) => desk.register('ada', watch),
  { needsPasskey: false },
)

export const SIGN_IN: SharedStep = step('sign-in', 'Sign in', (desk, watch) => desk.signIn('ada', watch))

export const ALLOW_LIST: SharedStep = step(
  'allow-list',
  'Sign in with a passkey that is named',
  (desk, watch) => desk.signInByName('ada', watch),
)

export const PRF: SharedStep = step(
  'prf',
  'Secrets of a passkey (prf)',
  (desk, watch) => desk.signInWithPrf('ada', watch),
  { notOffered: ['no-prf'] },
)

export const EXCLUDED: SharedStep = step(
  'excluded',
  'Already registered',
  (desk, watch) => desk.registerAgain('ada', watch),
  { passes: ['InvalidStateError'] },
)

/** @param passes how this side sees a refusal. */
export const refusedOnPhone = (passes: readonly string[]): SharedStep =>
  step('refused', 'Refused on the phone', (desk, watch) => desk.signInByName('ada', watch), { passes })

/** Waits for less time than usual. */
const short = (name: string, title: string, passes: readonly string[]): SharedStep =>
  step(name, title, (desk, watch) => desk.signInByName('ada', watch, { isShort: true }), { passes })

/** @param passes how this side sees it. */
export const outOfRange = (passes: readonly string[]): SharedStep =>
  short('out-of-range', 'Out of range', passes)

/** @param passes how this side sees it. */
export const networkCut = (passes: readonly string[]): SharedStep =>
  short('cut-network', 'Network cut', passes)

export const LARGE_REQUEST: SharedStep = step('large-request', 'A large request', (desk, watch) =>
  desk.signInByLargeList('ada', watch),
)

/** @param todo what the person is to do at the second code. */
export const twoAccounts = (todo: string): SharedStep => ({
  ...step('two-accounts', 'Two accounts', (desk, watch) => desk.register('grace', watch)),
  tries: [
    { run: (desk, watch) => desk.register('grace', watch) },
    { todo, run: (desk, watch) => desk.signIn('grace', watch) },
  ],
})
