import { decodeBase64url } from '../../bytes/base64url.js'
import type { PhoneBehaviour } from '../../testing/misbehaving/phone.js'
import type { VirtualAuthenticatorOptions } from '../../virtual/virtual-authenticator.js'
import { failed } from '../case.js'
import type { ConformCase, CaseFinding, Level } from '../case.js'
import { ENDINGS } from '../judgement.js'
import type { CaseEnding } from '../judgement.js'
import type { Scene } from '../scene.js'
import { registration, signInOfClient, storeWithPasskey } from './ceremony.js'
import type { CeremonyOfClient } from './ceremony.js'
import { meetPhone } from './client-scene.js'
import type { ClientMeeting } from './client-scene.js'
import * as conduct from './conduct.js'
import type { ClientCheck } from './conduct.js'
import { phoneWith } from './phones.js'

/** A case where nobody misbehaves. */
export interface DecentCase {
  readonly name: string
  readonly about: string
  readonly section: string
  readonly level?: Level
  readonly ending?: CaseEnding
  readonly expected?: string
  readonly operation?: CeremonyOfClient['operation']
  readonly behaviour?: PhoneBehaviour
  readonly phone?: Partial<VirtualAuthenticatorOptions>
  readonly before?: ClientMeeting['before']
  /** The relying party names the passkey that the phone has. */
  readonly isNamed?: boolean
  readonly checks?: readonly ClientCheck[]
}

const DECENT: PhoneBehaviour = { acts: {} }

async function meet(scene: Scene, decent: DecentCase): Promise<CaseFinding> {
  const { operation = 'register', ending = 'result', checks = [], isNamed = false } = decent
  const { store, credentialId } = await storeWithPasskey()
  const named = isNamed ? [credentialId] : []
  const ceremony = operation === 'register' ? registration(named) : signInOfClient(named)
  const behaviour = decent.behaviour ?? DECENT
  const handler = phoneWith({ store, ...decent.phone })
  const seen = await meetPhone(scene, { ceremony, ending, behaviour, handler, before: decent.before })
  if (!seen.finding.passed) return seen.finding
  const allChecks = operation === 'login' && isNamed ? [...checks, allows(credentialId)] : checks
  for (const check of allChecks) {
    const wrong = check(seen, ceremony)
    if (wrong !== undefined) return failed(wrong)
  }
  return seen.finding
}

const allows = (credentialId: string): ClientCheck => conduct.namesAllowed(decodeBase64url(credentialId))

/** The case as the runner takes it. */
export function decentCase(decent: DecentCase): ConformCase {
  const { name, about, section, level = 'must', ending = 'result', checks = [] } = decent
  const also = checks.length === 0 ? '' : `; the client ${about}`
  const expected = decent.expected ?? `${ENDINGS[ending]}${also}`
  return { name, about, section, level, expected, run: scene => meet(scene, decent) }
}
