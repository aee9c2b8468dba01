import { CoseKey, DeviceKey, Issuer, SignatureAlgorithm } from '@owf/mdoc'
import { derOf } from './authority.js'
import type { Signatory } from './authority.js'
import { jwkOf } from './keys.js'
import type { Jwk } from './keys.js'
import { mdocContext } from './mdoc-context.js'
import { issuing } from './sd-jwt.js'
import { DOC_TYPE, VCT } from './student-card.js'
import type { StudentCard, StudentClaims } from './student-card.js'

/** What a card is made of. */
export interface CardOrder {
  readonly claims: StudentClaims
  /** The public key that the card is bound to; its private key never leaves the phone. */
  readonly holder: Jwk
  readonly validUntil: Date
}

const HOUR_MS = 3_600_000
const seconds = (date: Date): number => Math.floor(date.getTime() / 1000)

/** The college makes one card in both formats, each bound to the key of its holder. */
export async function issueStudentCard(college: Signatory, order: CardOrder): Promise<StudentCard> {
  return { sdJwt: await issueSdJwt(college, order), mdoc: await issueMdoc(college, order) }
}

async function issueSdJwt(
  { keys, certificate }: Signatory,
  { claims, holder, validUntil }: CardOrder,
): Promise<string> {
  const payload = {
    iss: 'https://college.example',
    vct: VCT,
    iat: seconds(new Date()),
    exp: seconds(validUntil),
    cnf: { jwk: { ...holder } },
    ...claims,
  }
  const names = Object.keys(claims) as (keyof StudentClaims)[]
  const header = { x5c: [Buffer.from(derOf(certificate)).toString('base64')] }
  return issuing(keys.privateKey).issue(payload, { _sd: names }, { header })
}

async function issueMdoc(
  { keys, certificate }: Signatory,
  { claims, holder, validUntil }: CardOrder,
): Promise<Uint8Array> {
  const signed = new Date(Math.min(Date.now(), validUntil.getTime() - HOUR_MS))
  const issuerSigned = await new Issuer(DOC_TYPE, mdocContext)
    .addIssuerNamespace(DOC_TYPE, { ...claims })
    .sign({
      signingKey: { ...(await jwkOf(keys.privateKey)) },
      algorithm: SignatureAlgorithm.ES256,
      digestAlgorithm: 'SHA-256',
      validityInfo: { signed, validFrom: signed, validUntil },
      deviceKeyInfo: { deviceKey: new DeviceKey(CoseKey.fromJwk({ ...holder }).decodedStructure) },
      certificates: [derOf(certificate)],
    })
  return issuerSigned.encode()
}
