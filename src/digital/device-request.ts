import { boolean, listOf, map, mapReader, text } from '../cbor/map-reader.js'
import type { CborKey, CborMap, CborValue } from '../cbor/value.js'
import { DecodeError } from '../errors.js'
import { decodeMdocCbor } from './mdoc-reader.js'

/** One document that a verifier asks for (ISO 18013-5 section 8.3.2.1.2.1). */
export interface RequestedDocument {
  /** Such as `org.iso.18013.5.1.mDL`. */
  readonly docType: string
  /** Each with its namespace in front: `org.iso.18013.5.1.family_name`. */
  readonly elements: readonly string[]
}

const CODE = 'cbor-unexpected'

/**
 * Reads what a DeviceRequest asks for. The readers’ signatures are not looked at.
 * @throws DecodeError for CBOR that is malformed or beyond the limits of `decodeMdocCbor`, and for a DeviceRequest that is not one.
 */
export function readDeviceRequest(bytes: Uint8Array): readonly RequestedDocument[] {
  const request = mapReader(decodeMdocCbor(bytes), 'DeviceRequest', CODE)
  request.required('version', text)
  return request.required('docRequests', listOf(map)).map(documentOf)
}

function documentOf(docRequest: CborMap): RequestedDocument {
  const items = mapReader(docRequest, 'DocRequest', CODE).required('itemsRequest', map)
  const reader = mapReader(items, 'ItemsRequest', CODE)
  const docType = reader.required('docType', text)
  const nameSpaces = reader.required('nameSpaces', map)
  return { docType, elements: Array.from(nameSpaces, elementsOf).flat() }
}

function elementsOf([namespace, elements]: readonly [CborKey, CborValue]): readonly string[] {
  const named = mapReader(elements, 'a namespace', CODE)
  return Array.from(named.members, ([element, retains]) => {
    boolean(retains, what => new DecodeError(CODE, `whether an element is retained ${what}`))
    return `${text(namespace, notText)}.${text(element, notText)}`
  })
}

function notText(what: string): DecodeError {
  return new DecodeError(CODE, `the name of a namespace or element ${what}`)
}
