import { randomBytes } from 'node:crypto'
import { encodeBase64url } from '../../bytes/base64url.js'
import type { DigitalCredentialOptions } from '../../digital/digital-request.js'

const NONCE_BYTES = 16
const MDL = 'org.iso.18013.5.1'

/** A request for as little as a mobile driving licence can tell: whether its holder is of age. */
export function credentialRequest(): DigitalCredentialOptions {
  const data = {
    response_type: 'vp_token',
    response_mode: 'dc_api',
    nonce: encodeBase64url(randomBytes(NONCE_BYTES)),
    dcql_query: {
      credentials: [
        {
          id: 'licence',
          format: 'mso_mdoc',
          meta: { doctype_value: `${MDL}.mDL` },
          claims: [{ path: [MDL, 'age_over_18'] }],
        },
      ],
    },
  }
  return { requests: [{ protocol: 'openid4vp-v1-unsigned', data }] }
}
