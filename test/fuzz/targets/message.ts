import assert from 'node:assert/strict'
import { decodeUtf8, encodeUtf8 } from '../../../src/bytes/utf8.js'
import { decodeCbor, encodeCbor } from '../../../src/cbor/cbor.js'
import { isCborMap } from '../../../src/cbor/map-reader.js'
import { readDeviceRequest } from '../../../src/digital/device-request.js'
import { DecodeError } from '../../../src/errors.js'
import { padMessage, unpadMessage } from '../../../src/handshake/padding.js'
import { decodeLinkingInfo, encodeLinkingInfo } from '../../../src/linking/linking-info.js'
import type { LinkingInfo } from '../../../src/linking/linking-info.js'
import { decodeJson, encodeJson } from '../../../src/message/json.js'
import { decodeMessage, encodeMessage, isUpdate } from '../../../src/message/message.js'
import { decodePostHandshake, encodePostHandshake } from '../../../src/message/post-handshake.js'
import { decoded, stable } from '../invariants.js'
import { bytesIn } from '../seeds.js'
import { choosing } from '../target.js'
import type { FuzzTarget } from '../target.js'

const BLOCK_BYTES = 32

function linkingInfo(bytes: Uint8Array): LinkingInfo {
  const map = decodeCbor(bytes)
  if (!isCborMap(map)) throw new DecodeError('linking-malformed', 'no map')
  return decodeLinkingInfo(map)
}

function message(input: Uint8Array): void {
  stable(decodeMessage, encodeMessage)(input)
  assert.equal(isUpdate(input), input[0] === 2)
}

/** JSON that is written again stays as it is; numbers beyond the range of JavaScript become null in the first round. */
function json(input: Uint8Array): void {
  const value = decoded(bytes => decodeJson(decodeUtf8(bytes)), input)
  if (value === undefined) return
  const text = encodeJson(value)
  assert.equal(encodeJson(decodeJson(text)), text)
}

const JSON_SEEDS: readonly Uint8Array[] = [
  '{"response":{"digital":{"data":{"protocol":"p","data":{}}}}}',
  '[[[["\\\"",1e9]]],{"__proto__":null}]',
].map(encodeUtf8)

/** What was padded comes back, and unpadding never gives more than there was. */
function padding(input: Uint8Array): void {
  const padded = padMessage(input)
  assert.equal(padded.length % BLOCK_BYTES, 0)
  assert.deepEqual(unpadMessage(padded), input)
  const unpadded = decoded(unpadMessage, input)
  if (unpadded !== undefined) assert.deepEqual(unpadded, input.slice(0, unpadded.length))
}

export const messages: FuzzTarget = {
  name: 'message',
  about:
    'what goes sealed through the tunnel: introduction, messages, updates, linking information, padding, what an mdoc is asked for',
  maxBytes: 1100,
  ...choosing([
    { seeds: bytesIn('frames', 'linking', 'trace-ios'), run: message },
    { seeds: bytesIn('post-handshake'), run: stable(decodePostHandshake, encodePostHandshake) },
    {
      seeds: bytesIn('linking'),
      run: stable(linkingInfo, info => encodeCbor(encodeLinkingInfo(info))),
    },
    { seeds: bytesIn('frames'), run: padding },
    { seeds: JSON_SEEDS, run: json },
    { seeds: bytesIn('device-request'), run: input => void decoded(readDeviceRequest, input) },
  ]),
}
