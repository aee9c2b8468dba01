import { DeviceRequest, DeviceResponse, DocRequest, ItemsRequest, Verifier } from '@owf/mdoc'
import type { VerificationAssessment } from '@owf/mdoc'
import { encryptionInfo, makeEncryptionKeys, open, sessionTranscript } from './annex-c.js'
import { derOf } from './authority.js'
import { randomBytes } from './keys.js'
import { mdocContext } from './mdoc-context.js'
import { DOC_TYPE } from './student-card.js'
import type { Question, Verified, VerifierOptions } from './question.js'

const NONCE_BYTES = 16

/** Asks by ISO/IEC 18013-7 Annex C. */
export async function askMdoc(verifier: VerifierOptions, claims: readonly string[]): Promise<Question> {
  const recipientKey = await makeEncryptionKeys()
  const info = await encryptionInfo(recipientKey, randomBytes(NONCE_BYTES))
  const deviceRequest = requestFor(claims)
  const encoded = Buffer.from(deviceRequest.encode()).toString('base64url')
  const { origin } = verifier
  return {
    request: { protocol: 'org-iso-mdoc', data: { deviceRequest: encoded, encryptionInfo: info } },
    verify: async ({ response }) => {
      if (typeof response !== 'string') throw new Error('the answer has no response')
      const deviceResponse = DeviceResponse.decode(await open(response, { recipientKey, info, origin }))
      return verify(deviceResponse, deviceRequest, info, verifier)
    },
  }
}

function requestFor(claims: readonly string[]): DeviceRequest {
  const namespaces = { [DOC_TYPE]: Object.fromEntries(claims.map(claim => [claim, false])) }
  const itemsRequest = ItemsRequest.create({ docType: DOC_TYPE, namespaces })
  return DeviceRequest.create({ docRequests: [DocRequest.create({ itemsRequest })] })
}

async function verify(
  deviceResponse: DeviceResponse,
  deviceRequest: DeviceRequest,
  info: string,
  { origin, issuerRoots }: VerifierOptions,
): Promise<Verified> {
  const checks: VerificationAssessment[] = []
  await Verifier.verifyDeviceResponse(
    {
      deviceRequest,
      deviceResponse,
      sessionTranscript: await sessionTranscript(info, origin),
      trustedCertificates: issuerRoots.map(derOf),
      onCheck: check => checks.push(check),
    },
    mdocContext,
  )
  const failed = checks.find(({ status }) => status === 'FAILED')
  if (failed !== undefined) throw new Error(failed.reason ?? failed.check)
  const [document, ...others] = deviceResponse.documents ?? []
  if (document === undefined || others.length > 0) throw new Error('the answer is not one document')
  return {
    claims: claimsOf(document),
    checks: [
      'the answer was encrypted for this request and for this page’s origin (HPKE)',
      'the college’s signature covers each element, and its certificate is by a known authority',
      'the phone signed for this request and this origin with the key that the card is bound to',
      'the card is valid today',
    ],
  }
}

type Document = NonNullable<DeviceResponse['documents']>[number]

function claimsOf({ docType, issuerSigned }: Document): Record<string, unknown> {
  if (docType !== DOC_TYPE) throw new Error('the document is no student card')
  const items = issuerSigned.getIssuerNamespace(DOC_TYPE) ?? []
  return Object.fromEntries(
    items.map(({ elementIdentifier, elementValue }) => [elementIdentifier, elementValue]),
  )
}
