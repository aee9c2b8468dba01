import { makeAuthority } from './authority.js'
import type { Signatory } from './authority.js'
import { issueStudentCard } from './issuer.js'
import { jwkOf, makeKeys } from './keys.js'
import type { WalletContents } from './presentation.js'
import type { VerifierOptions } from './question.js'
import type { StudentClaims } from './student-card.js'

const YEAR_MS = 365 * 24 * 3_600_000

/** A college, and the authorities that vouch for it and for verifiers, made for one run. */
export interface World {
  /** A verifier whose requests wallets show, and who believes the college. @param origin of its page. */
  verifier(name: string, origin: string): Promise<VerifierOptions>
  /** What is in the wallet of a student: the card, and the keys of their phone. */
  enrol(claims: StudentClaims): Promise<WalletContents>
}

export async function makeWorld(): Promise<World> {
  const [colleges, verifiers] = await Promise.all([makeAuthority('Colleges'), makeAuthority('Verifiers')])
  const college = await colleges.certify('College', 'college.example')
  return {
    verifier: async (name, origin) => ({
      origin,
      signatory: await verifiers.certify(name, new URL(origin).hostname),
      issuerRoots: [colleges.root],
    }),
    enrol: async claims => ({ ...(await enrolled(college, claims)), verifierRoots: [verifiers.root] }),
  }
}

async function enrolled(
  college: Signatory,
  claims: StudentClaims,
): Promise<Pick<WalletContents, 'card' | 'keys'>> {
  const keys = await makeKeys()
  const validUntil = new Date(Date.now() + YEAR_MS)
  const order = { claims, holder: await jwkOf(keys.publicKey), validUntil }
  return { card: await issueStudentCard(college, order), keys }
}
