import type { Protocol, Question, VerifierOptions } from './question.js'
import { askMdoc } from './verifier-mdoc.js'
import { askOpenId4vp } from './verifier-openid4vp.js'

/** Asks for some claims of a student card in one protocol. */
export function ask(
  verifier: VerifierOptions,
  protocol: Protocol,
  claims: readonly string[],
): Promise<Question> {
  return protocol === 'org-iso-mdoc' ? askMdoc(verifier, claims) : askOpenId4vp(verifier, protocol, claims)
}
