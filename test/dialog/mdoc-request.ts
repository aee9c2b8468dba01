import { encodeBase64url } from '../../src/bytes/base64url.js'
import { concatBytes } from '../../src/bytes/bytes.js'
import { encodeCbor } from '../../src/cbor/cbor.js'
import type { JsonObject } from '../../src/message/json.js'

/** CBOR that a passkey’s protocol never has: tag 24, encoded CBOR (RFC 8949 section 3.4.5.1), and the heads of what holds it. */
const HEAD = { listOfOne: 0x81, mapOfOne: 0xa1, mapOfTwo: 0xa2, tag: 0xd8, encodedCbor: 24 } as const
const DOCUMENT = 'org.iso.18013.5.1.mDL'
const NAME_SPACE = 'org.iso.18013.5.1'

/** Data of `org-iso-mdoc`: a DeviceRequest (ISO/IEC 18013-5 section 8.3.2.1.2.1) for one element of a driving licence that the verifier does not keep. */
export function mdocRequest(element: string): JsonObject {
  const items = encodeCbor(
    new Map<string, string | Map<string, Map<string, boolean>>>([
      ['docType', DOCUMENT],
      ['nameSpaces', new Map([[NAME_SPACE, new Map([[element, false]])]])],
    ]),
  )
  const request = concatBytes(
    Uint8Array.of(HEAD.mapOfTwo),
    encodeCbor('version'),
    encodeCbor('1.0'),
    encodeCbor('docRequests'),
    Uint8Array.of(HEAD.listOfOne, HEAD.mapOfOne),
    encodeCbor('itemsRequest'),
    Uint8Array.of(HEAD.tag, HEAD.encodedCbor),
    encodeCbor(items),
  )
  return { deviceRequest: encodeBase64url(request), encryptionInfo: 'gmVkY2FwaQ' }
}
