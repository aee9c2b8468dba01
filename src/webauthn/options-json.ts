import type { PublicKeyCredentialHint, UserVerificationRequirement } from './credential-json.js'
import { isObject, knownWord, ownMember, sequence } from './web-idl.js'
import type { Conversion } from './web-idl.js'

const REQUIREMENTS = ['discouraged', 'preferred', 'required'] as const
const HINTS = ['hybrid', 'security-key', 'client-device'] as const

/** Bytes of a challenge: relying parties may put signed values into it, and browsers take an empty one. */
export const CHALLENGE_BYTES: { readonly min: number; readonly max: number } = { min: 0, max: 16_384 }
/** Longest list of words, such as hints. */
export const WORDS_MAX = 64

/** `UserVerificationRequirement`. */
export const requirement: Conversion<UserVerificationRequirement | undefined> = knownWord(REQUIREMENTS)

const hint = sequence(knownWord(HINTS), WORDS_MAX)

/** Known hints, the most wanted one first. */
export const hints: Conversion<readonly PublicKeyCredentialHint[]> = (value, path) =>
  value === undefined ? [] : hint(value, path).filter(word => word !== undefined)

/** Servers often send what `navigator.credentials` takes: the options are then the member `publicKey`. */
export function unwrapped(json: unknown): unknown {
  if (!isObject(json) || ownMember(json, 'challenge') !== undefined) return json
  const publicKey = ownMember(json, 'publicKey')
  return isObject(publicKey) ? publicKey : json
}
