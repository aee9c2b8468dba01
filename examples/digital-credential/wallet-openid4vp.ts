import {
  createOpenid4vpAuthorizationResponse,
  resolveOpenid4vpAuthorizationRequest,
} from '@openid4vc/openid4vp'
import type { ResolvedOpenid4vpAuthorizationRequest } from '@openid4vc/openid4vp'
import { DcqlQuery } from 'dcql'
import type { WalletRequest } from 'fido-hybrid/virtual'
import { walletCallbacks } from './openid4vp-callbacks.js'
import { claimsIn, presenting } from './sd-jwt.js'
import { VCT } from './student-card.js'
import type { Presentation, WalletContents } from './presentation.js'

/** Reads a request of OpenID4VP 1.0 over the Digital Credentials API (Appendix A). */
export async function prepareOpenId4vp(
  request: WalletRequest,
  contents: WalletContents,
): Promise<Presentation> {
  const { origin } = request
  const callbacks = walletCallbacks(contents.verifierRoots)
  const { authorizationRequestPayload, dcql } = await resolveOpenid4vpAuthorizationRequest({
    authorizationRequestPayload: parametersOf(request),
    origin,
    callbacks,
  })
  const matches = await matching(dcql, contents)
  return async () => {
    // Appendix A.4: the audience is the origin, for signed requests, too.
    const payload = { iat: seconds(), aud: `origin:${origin}`, nonce: authorizationRequestPayload.nonce }
    const wallet = presenting(contents.keys.privateKey)
    const shown = matches.map(async ({ id, frame }): Promise<[string, [string]]> => [
      id,
      [await wallet.present(contents.card.sdJwt, frame, { kb: { payload } })],
    ])
    const vpToken = Object.fromEntries(await Promise.all(shown))
    const { jarm } = await createOpenid4vpAuthorizationResponse({
      authorizationRequestPayload,
      authorizationResponsePayload: { vp_token: vpToken },
      ...(authorizationRequestPayload.response_mode === 'dc_api.jwt' && { jarm: ENCRYPTED }),
      origin,
      callbacks,
    })
    return jarm === undefined ? { vp_token: vpToken } : { response: jarm.responseJwt }
  }
}

/** Of an encrypted answer (`dc_api.jwt`). */
const ENCRYPTED = {
  encryption: { nonce: '' },
  serverMetadata: {
    authorization_signing_alg_values_supported: [],
    authorization_encryption_alg_values_supported: ['ECDH-ES'],
    authorization_encryption_enc_values_supported: ['A128GCM'],
  },
}

/** Appendix A.2 and A.3: what is signed is a JWT in `request`, and what nobody signed beside it counts for nothing. */
function parametersOf({ protocol, data }: WalletRequest): Record<string, unknown> {
  const { request } = data
  if (protocol === 'openid4vp-v1-signed') return { request }
  if (request === undefined)
    return Object.fromEntries(Object.entries(data).filter(([name]) => name !== 'client_id'))
  throw new Error('the request is signed, and its protocol says that it is not')
}

/** The queries that the card answers, and the claims that each discloses, by DCQL (OpenID4VP 1.0 section 6). */
async function matching(
  dcql: ResolvedOpenid4vpAuthorizationRequest['dcql'],
  { card }: WalletContents,
): Promise<readonly { readonly id: string; readonly frame: Record<string, boolean> }[]> {
  const query = DcqlQuery.parse(dcql?.query as DcqlQuery.Input)
  DcqlQuery.validate(query)
  const claims = (await claimsIn(card.sdJwt)) as Record<string, string>
  const result = DcqlQuery.query(query, [
    { credential_format: 'dc+sd-jwt', vct: VCT, claims, cryptographic_holder_binding: true },
  ])
  if (!result.can_be_satisfied) throw new Error('the card has not all that is asked for')
  return Object.entries(result.credential_matches).flatMap(([id, match]) => {
    if (!match.success) return []
    const disclosed = Object.keys(match.valid_credentials[0].claims.valid_claim_sets[0].output)
    return [{ id, frame: Object.fromEntries(disclosed.map(name => [name, true])) }]
  })
}

const seconds = (): number => Math.floor(Date.now() / 1000)
