import { DeviceRequest, Holder, IssuerSigned, CoseKey } from '@owf/mdoc'
import type { WalletRequest } from 'fido-hybrid/virtual'
import { seal, sessionTranscript } from './annex-c.js'
import { jwkOf } from './keys.js'
import { mdocContext } from './mdoc-context.js'
import { DOC_TYPE } from './student-card.js'
import type { Presentation, WalletContents } from './presentation.js'

/** Reads a request of ISO/IEC 18013-7 Annex C. */
export async function prepareMdoc(
  { data, origin }: WalletRequest,
  { card, keys }: WalletContents,
): Promise<Presentation> {
  const info = textIn(data, 'encryptionInfo')
  const deviceRequest = DeviceRequest.decode(Buffer.from(textIn(data, 'deviceRequest'), 'base64url'))
  const issuerSigned = IssuerSigned.decode(card.mdoc)
  for (const { itemsRequest } of deviceRequest.docRequests) assertHeld(itemsRequest, issuerSigned)
  const transcript = await sessionTranscript(info, origin)
  return async () => {
    const signingKey = CoseKey.fromJwk({ ...(await jwkOf(keys.privateKey)), alg: 'ES256' })
    const deviceResponse = await Holder.createDeviceResponseForDeviceRequest(
      {
        deviceRequest,
        issuerSigned: [issuerSigned],
        sessionTranscript: transcript,
        signature: { signingKey },
      },
      mdocContext,
    )
    return { response: await seal(deviceResponse.encode(), info, origin) }
  }
}

function assertHeld(
  { docType, namespaces }: DeviceRequest['docRequests'][number]['itemsRequest'],
  issuerSigned: IssuerSigned,
): void {
  const held = issuerSigned.getIssuerNamespace(DOC_TYPE) ?? []
  const names = new Set(held.map(({ elementIdentifier }) => elementIdentifier))
  const asked = [...namespaces].flatMap(([namespace, elements]) =>
    [...elements.keys()].map(element => namespace === DOC_TYPE && names.has(element)),
  )
  if (docType !== DOC_TYPE || asked.includes(false)) throw new Error('the card has not all that is asked for')
}

function textIn(data: WalletRequest['data'], name: string): string {
  const text = data[name]
  if (typeof text === 'string') return text
  throw new Error(`the request has no ${name}`)
}
