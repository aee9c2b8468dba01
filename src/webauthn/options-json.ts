import type { PublicKeyCredentialHint, UserVerificationRequirement } from './credential-json.js'
import { isObject, knownWord, ownMember } from './web-idl.js'

const REQUIREMENTS = ['discouraged', 'preferred', 'required'] as const
const HINTS = ['hybrid', 'security-key', 'client-device'] as const

/** `UserVerificationRequirement`, where the word is one. */
export function requirement(word: string | undefined): UserVerificationRequirement | undefined {
  return knownWord(REQUIREMENTS, word)
}

/** Known hints, the most wanted one first. */
export function knownHints(words: readonly string[]): readonly PublicKeyCredentialHint[] {
  return words.map(word => knownWord(HINTS, word)).filter(word => word !== undefined)
}

/** Servers often send what `navigator.credentials` takes: the options are then the member `publicKey`. */
export function unwrapped(json: unknown): unknown {
  if (!isObject(json) || ownMember(json, 'challenge') !== undefined) return json
  const publicKey = ownMember(json, 'publicKey')
  return isObject(publicKey) ? publicKey : json
}
