import { decodeCbor } from '../../cbor/cbor.js'
import { isCborArray, isCborMap } from '../../cbor/map-reader.js'
import type { CborMap } from '../../cbor/value.js'
import { REDACTED } from '../../crypto/redacted.js'
import { decodeGetInfo } from '../../ctap/get-info.js'
import { DecodeError } from '../../errors.js'
import { decodeLinkingInfo } from '../../linking/linking-info.js'
import { decodeMessage } from '../../message/message.js'
import { decodePostHandshake } from '../../message/post-handshake.js'
import { CTAP_GUESSES, VAGUE_CTAP_GUESSES } from './ctap.js'
import { explanation, outline } from './explanation.js'
import type { Explanation, Guess, GuessContext } from './explanation.js'
import { firstFit } from './guess.js'
import { explainJson } from './json.js'

export const explainPostHandshake: Guess = (bytes, context) => {
  const { getInfo, features, linking } = decodePostHandshake(bytes)
  return explanation('post-handshake', 'the phone’s first message after the handshake', {
    getInfo: getInfo && decodeGetInfo(getInfo),
    features,
    linking: linking && linkingMembers(linking, context),
  })
}

export const explainLinking: Guess = (bytes, context) => {
  const map = decodeCbor(bytes)
  if (!isCborMap(map)) throw notThis()
  return explanation('linking', 'linking information of a phone', linkingMembers(map, context))
}

export const explainMessage: Guess = (bytes, context) => {
  const message = decodeMessage(bytes)
  switch (message.type) {
    case 'shutdown':
      return explainShutdown(bytes)
    case 'ctap':
      return explainCtapMessage(message.payload, context)
    case 'update':
      return explainUpdate(message.linking, context)
    case 'json':
      return explainJson(message.text, context)
  }
}

/** Canonical CBOR of any other meaning. */
export const explainCbor: Guess = (bytes, { showSecrets }) => {
  const value = decodeCbor(bytes)
  if (!isCborMap(value) && !isCborArray(value)) throw notThis()
  return explanation('cbor', 'canonical CBOR of unknown meaning', {
    value: outline(value, showSecrets),
  })
}

// On the wire bytes after the type byte are ignored, but with such bytes this is hardly a shutdown.
function explainShutdown(bytes: Uint8Array): Explanation {
  if (bytes.length > 1) throw notThis()
  return explanation('shutdown', 'shutdown message: goodbye')
}

function explainCtapMessage(payload: Uint8Array, context: GuessContext): Explanation {
  const inside = firstFit([...CTAP_GUESSES, ...VAGUE_CTAP_GUESSES], payload, context)
  if (inside === undefined) throw notThis()
  return { ...inside, kind: `message:${inside.kind}`, about: `CTAP message with a ${inside.about}` }
}

function explainUpdate(linking: CborMap | undefined, context: GuessContext): Explanation {
  if (linking === undefined) return explanation('update', 'update message without a link')
  const members = { linking: linkingMembers(linking, context) }
  return explanation('update', 'update message with a link', members)
}

function linkingMembers(map: CborMap, { showSecrets }: GuessContext): object {
  const info = decodeLinkingInfo(map)
  return showSecrets ? info : { ...info, linkSecret: REDACTED }
}

function notThis(): DecodeError {
  return new DecodeError('message-malformed', 'no such message')
}
