import {
  calculateX509HashClientIdPrefixValue,
  createOpenid4vpAuthorizationRequest,
  parseOpenid4vpAuthorizationResponse,
} from '@openid4vc/openid4vp'
import type {
  CreateOpenid4vpAuthorizationRequestOptions,
  Openid4vpAuthorizationRequestDcApi,
} from '@openid4vc/openid4vp'
import { DcqlPresentationResult, DcqlQuery } from 'dcql'
import type { JsonObject } from 'fido-hybrid'
import { decodeProtectedHeader } from 'jose'
import { derOf, publicKeyOf, trusted } from './authority.js'
import { jwkOf, makeEncryptionKeys, randomBytes } from './keys.js'
import type { Key } from './keys.js'
import { verifierCallbacks } from './openid4vp-callbacks.js'
import { verifying } from './sd-jwt.js'
import { CLAIMS, VCT } from './student-card.js'
import type { Question, Verified, VerifierOptions } from './question.js'

const NONCE_BYTES = 16
/** Between the wallet’s signature and its check; the request itself is good for as long. */
const FRESH_SECONDS = 300
/** The query’s name for the one card that it asks for. */
const CARD = 'card'
/** What is in a key binding JWT (RFC 9901 section 4.3). */
interface KeyBinding {
  readonly aud: string
  readonly iat: number
}

/** Asks by OpenID4VP 1.0 over the Digital Credentials API (Appendix A). What is signed is answered encrypted. */
export async function askOpenId4vp(
  verifier: VerifierOptions,
  protocol: 'openid4vp-v1-unsigned' | 'openid4vp-v1-signed',
  claims: readonly string[],
): Promise<Question> {
  const nonce = Buffer.from(randomBytes(NONCE_BYTES)).toString('base64url')
  const query = queryFor(claims)
  const encryption = await makeEncryptionKeys()
  const callbacks = verifierCallbacks(verifier.signatory, encryption.privateKey)
  const isSigned = protocol === 'openid4vp-v1-signed'
  const asked = { response_type: 'vp_token', nonce, dcql_query: query } as const
  const { authorizationRequestPayload, jar } = await createOpenid4vpAuthorizationRequest({
    ...(isSigned
      ? { authorizationRequestPayload: { ...asked, ...(await signedPart(verifier, encryption.publicKey)) } }
      : { authorizationRequestPayload: { ...asked, response_mode: 'dc_api' } }),
    ...(isSigned && { jar: signedBy(verifier) }),
    callbacks,
  })
  const data = jar === undefined ? authorizationRequestPayload : { request: jar.authorizationRequestJwt }
  return {
    request: { protocol, data },
    verify: async answer => {
      const { origin } = verifier
      const parsed = await parseOpenid4vpAuthorizationResponse({
        authorizationRequestPayload,
        authorizationResponse: answer,
        origin,
        callbacks,
      })
      const presented = parsed.type === 'dcql' ? parsed.dcql.presentations[CARD] : undefined
      const checks = isSigned ? ['the answer was encrypted for this request'] : []
      return verifyCard(presented, { verifier, nonce, query, checks })
    },
  }
}

function queryFor(claims: readonly string[]): DcqlQuery.Input {
  return {
    credentials: [
      {
        id: CARD,
        format: 'dc+sd-jwt',
        meta: { vct_values: [VCT] },
        claims: claims.map(claim => ({ path: [claim] })),
      },
    ],
  }
}

/** Who signs, for which pages, and the key that the answer is to be encrypted for. */
async function signedPart(
  { origin, signatory }: VerifierOptions,
  encryptionKey: Key,
): Promise<
  Pick<
    Openid4vpAuthorizationRequestDcApi,
    'client_id' | 'expected_origins' | 'client_metadata' | 'response_mode'
  >
> {
  const certificate = Buffer.from(derOf(signatory.certificate)).toString('base64')
  const { hash } = verifierCallbacks(signatory, signatory.keys.privateKey)
  const key = { ...(await jwkOf(encryptionKey)), use: 'enc', alg: 'ECDH-ES', kid: 'answer' }
  return {
    client_id: `x509_hash:${await calculateX509HashClientIdPrefixValue({ hash, x509Certificate: certificate })}`,
    expected_origins: [origin],
    response_mode: 'dc_api.jwt',
    client_metadata: {
      jwks: { keys: [key] },
      encrypted_response_enc_values_supported: ['A128GCM'],
      vp_formats_supported: {
        'dc+sd-jwt': { 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES256'] },
      },
    },
  }
}

function signedBy({
  signatory,
}: VerifierOptions): NonNullable<CreateOpenid4vpAuthorizationRequestOptions['jar']> {
  const x5c = [Buffer.from(derOf(signatory.certificate)).toString('base64')]
  return {
    jwtSigner: { method: 'x5c', alg: 'ES256', x5c },
    expiresInSeconds: FRESH_SECONDS,
    additionalJwtPayload: { aud: 'https://self-issued.me/v2' },
  }
}

interface Expected {
  readonly verifier: VerifierOptions
  readonly nonce: string
  readonly query: DcqlQuery.Input
  readonly checks: readonly string[]
}

async function verifyCard(
  presented: unknown,
  { verifier, nonce, query, checks }: Expected,
): Promise<Verified> {
  const [card, ...others] = Array.isArray(presented) ? (presented as unknown[]) : []
  if (typeof card !== 'string' || others.length > 0) throw new Error('the answer is not one card')
  const { payload, binding } = await verifySdJwt(card, verifier, nonce)
  assertBound(binding, verifier.origin)
  assertAsked(payload, query)
  return {
    claims: Object.fromEntries(Object.entries(payload).filter(([name]) => CLAIMS.includes(name))),
    checks: [
      ...checks,
      'the college’s signature covers each claim, and its certificate is by a known authority',
      'the phone signed this request’s nonce and this page’s origin with the key that the card is bound to',
      'the card is valid today',
    ],
  }
}

async function verifySdJwt(
  card: string,
  { issuerRoots }: VerifierOptions,
  nonce: string,
): Promise<{ payload: JsonObject; binding: KeyBinding }> {
  const { x5c = [] } = decodeProtectedHeader(card.slice(0, card.indexOf('~')))
  const issuer = await publicKeyOf(await trusted(x5c, issuerRoots))
  const { payload, kb } = await verifying(issuer).verify(card, { keyBindingNonce: nonce })
  if (kb === undefined) throw new Error('the phone did not sign')
  return { payload: payload as JsonObject, binding: kb.payload }
}

function assertBound({ aud, iat }: KeyBinding, origin: string): void {
  if (aud !== `origin:${origin}`) throw new Error(`the card was shown to ${aud}, not to ${origin}`)
  if (Math.abs(Date.now() / 1000 - iat) > FRESH_SECONDS) throw new Error('the phone signed at another time')
}

/** @throws Error for a card of another type, and for claims that were asked for and are missing. */
function assertAsked(payload: JsonObject, query: DcqlQuery.Input): void {
  const { vct } = payload
  DcqlPresentationResult.validate(
    DcqlPresentationResult.fromDcqlPresentation(
      {
        [CARD]: [
          {
            credential_format: 'dc+sd-jwt',
            vct: typeof vct === 'string' ? vct : '',
            claims: payload as Record<string, string>,
            cryptographic_holder_binding: true,
          },
        ],
      },
      { dcqlQuery: DcqlQuery.parse(query) },
    ),
  )
}
