import {
  decodeCbor,
  decodeDigits,
  decodeQrUrl,
  encodeDigits,
  encodeQrPayload,
  encodeQrUrl,
  nobleProvider,
  qrSecret,
} from '../../../src/wire.js'
import type { QrPayload } from '../../../src/wire.js'
import { inHex } from './operation.js'
import type { Fields, Given, Operation } from './operation.js'

const PREFIX_LETTERS = 'FIDO:/'.length
const LAST_KNOWN_KEY = 6

const cborOf = (url: string): Uint8Array => decodeDigits(url.slice(PREFIX_LETTERS))

function compressed(point: Uint8Array): Uint8Array {
  return Uint8Array.of(2 + ((point.at(-1) ?? 0) & 1), ...point.subarray(1, 33))
}

function fieldsOf(payload: QrPayload): Fields {
  return {
    publicKey: payload.publicKey,
    publicKeyCompressed: compressed(payload.publicKey),
    secret: payload.secret,
    knownDomains: payload.knownTunnelServices,
    time: payload.time,
    supportsLinking: payload.supportsLinking ?? null,
    requestType: payload.requestType,
    channels: payload.dataChannels,
  }
}

/** The members of a code, read from its text. */
export function read(given: Given): Fields {
  const url = given.text('url')
  const fields = fieldsOf(decodeQrUrl(url))
  const map = decodeCbor(cborOf(url)) as ReadonlyMap<unknown, unknown>
  const unknownKeys = [...map.keys()].filter(key => Number(key) > LAST_KNOWN_KEY)
  return inHex({ ...fields, unknownKeys, cbor: cborOf(url), digitCount: url.length - PREFIX_LETTERS })
}

function written(given: Given): Fields {
  const payload: QrPayload = {
    publicKey: nobleProvider.importEcdhKey(given.bytes('clientPrivateKey')).publicKey,
    secret: qrSecret(given.bytes('secret')),
    knownTunnelServices: given.number('knownDomains'),
    time: given.number('time'),
    supportsLinking: given.fields['supportsLinking'] as boolean,
    requestType: given.text('requestType') as 'mc' | 'dcp',
    dataChannels: given.fields['channels'] as readonly number[] | undefined,
  }
  const url = encodeQrUrl(payload)
  return inHex({ cbor: encodeQrPayload(payload), url, digitCount: url.length - PREFIX_LETTERS })
}

export const CODES: Readonly<Record<string, Operation>> = {
  'base10.digits': given =>
    given.has('bytes')
      ? { digits: encodeDigits(given.bytes('bytes')) }
      : inHex({ bytes: decodeDigits(given.text('digits')) }),
  'qr.codes': read,
  'chromium-156.qr': read,
  'qr.texts': given => {
    read(given)
    return inHex({ cbor: cborOf(given.text('url')) })
  },
  'worked-example.qr': written,
}
