import { encodeEid } from '../../../src/advert/eid.js'
import { openAdvert, sealAdvert } from '../../../src/advert/sealed-advert.js'
import { nodeCryptoProvider as crypto } from '../../../src/adapters/node-crypto/node-crypto.js'
import { eid as makeEid, tunnelServiceId } from '../../../src/bytes/brands.js'
import type { Eid } from '../../../src/bytes/brands.js'
import { concatBytes } from '../../../src/bytes/bytes.js'
import { derivePsk } from '../../../src/crypto/derive.js'
import { answerHandshake } from '../../../src/handshake/authenticator-handshake.js'
import { startClientHandshake } from '../../../src/handshake/client-handshake.js'
import type { ClientHandshake } from '../../../src/handshake/client-handshake.js'
import type { SealedTraffic } from '../../../src/handshake/sealed-traffic.js'
import { sealLink } from '../../../src/linking/link-offer.js'
import { decodeJson } from '../../../src/message/json.js'
import type { JsonValue } from '../../../src/message/json.js'
import { decodeMessage, encodeMessage } from '../../../src/message/message.js'
import { encodePostHandshake } from '../../../src/message/post-handshake.js'
import { GET_INFO } from '../../support/pair.js'
import type { ChosenBytes } from '../../support/choices.js'
import {
  advertKeyOf,
  CLIENT_PUBLIC_KEY,
  clientKeys,
  OFFER,
  phoneKeys,
  pskSecretOf,
  ROUTING_IDS,
} from '../../walks/parties.js'
import type { Ceremony } from '../../walks/parties.js'

const NONCE_BYTES = 10
const LONGEST = 120
const UPDATE_TYPE = Uint8Array.of(2)
const JSON_TYPE = Uint8Array.of(3)

/** A phone that knows all secrets and says whatever the fuzzer wants. */
export class PlayedPhone {
  readonly #ceremony: Ceremony
  #eid: Eid = makeEid(new Uint8Array(16))
  #traffic: SealedTraffic | undefined

  constructor(ceremony: Ceremony) {
    this.#ceremony = ceremony
  }

  /** Service data that opens, with any tunnel service in it. */
  advert(choices: ChosenBytes): Uint8Array {
    const id = choices.below(3)
    const fields = {
      nonce: new Uint8Array(NONCE_BYTES).fill(id),
      routingId: ROUTING_IDS[0],
      tunnelServiceId: tunnelServiceId(id < 2 ? id : 256 + choices.below(2 ** 15)),
    }
    this.#eid = encodeEid(fields)
    return sealAdvert(crypto, advertKeyOf(this.#ceremony), this.#eid)
  }

  /** Message 2; undefined for a message 1 that was not made for the last advert. */
  answer(message1: Uint8Array): Uint8Array | undefined {
    const psk = derivePsk(crypto, pskSecretOf(this.#ceremony), this.#eid)
    try {
      const answered = answerHandshake({ crypto, ...phoneKeys(this.#ceremony), psk }, message1)
      this.#traffic = answered.traffic
      return answered.message2
    } catch {
      return undefined
    }
  }

  /** The introduction of a phone in order, or with bytes for its getInfo. */
  introduction(choices: ChosenBytes): Uint8Array {
    const which = choices.below(3)
    if (which === 2) return this.seal(encodePostHandshake({ features: ['dc'] }))
    const getInfo = which === 0 ? GET_INFO : choices.bytes(choices.below(LONGEST))
    const features = choices.below(4) === 0 ? ['dc'] : ['ctap', 'dc'].slice(0, 1 + choices.below(2))
    return this.seal(encodePostHandshake({ getInfo, features }))
  }

  /** An update with a link that is signed as it should be, or with bytes for one. */
  link(choices: ChosenBytes): Uint8Array {
    const { handshakeHash } = this.#traffic ?? {}
    if (handshakeHash === undefined || choices.below(2) === 0)
      return this.seal(concatBytes(UPDATE_TYPE, choices.bytes(choices.below(LONGEST))))
    const linking = sealLink(crypto, OFFER, CLIENT_PUBLIC_KEY, handshakeHash)
    return this.seal(encodeMessage({ type: 'update', linking }))
  }

  seal(plaintext: Uint8Array): Uint8Array {
    return this.#traffic?.seal(plaintext) ?? plaintext
  }
}

/** A client that knows all secrets and says whatever the fuzzer wants. */
export class PlayedClient {
  readonly #ceremony: Ceremony
  #handshake: ClientHandshake | undefined
  #traffic: SealedTraffic | undefined

  constructor(ceremony: Ceremony) {
    this.#ceremony = ceremony
  }

  /** Message 1 for what the phone advertises; undefined without an advert. */
  message1(advert: Uint8Array | undefined): Uint8Array | undefined {
    const eid = advert && openAdvert(crypto, advertKeyOf(this.#ceremony), advert)
    if (eid === undefined) return undefined
    const psk = derivePsk(crypto, pskSecretOf(this.#ceremony), eid)
    this.#handshake = startClientHandshake({ crypto, ...clientKeys(this.#ceremony), psk })
    return this.#handshake.message1
  }

  finish(message2: Uint8Array): void {
    try {
      this.#traffic = this.#handshake?.finish(message2)
    } catch {
      this.#traffic = undefined
    }
  }

  seal(plaintext: Uint8Array): Uint8Array {
    return this.#traffic?.seal(plaintext) ?? plaintext
  }
}

/** A plaintext of one of the types there are, or of none. */
export function plaintextOf(choices: ChosenBytes): Uint8Array {
  const bytes = choices.bytes(choices.below(LONGEST))
  const which = choices.below(4)
  if (which === 0) return bytes
  return which === 2 ? concatBytes(JSON_TYPE, bytes) : encodeMessage({ type: 'ctap', payload: bytes })
}

/** What the JSON message in a plaintext says. */
export function jsonIn(plaintext: Uint8Array | undefined): JsonValue | undefined {
  const message = plaintext && decodeMessage(plaintext)
  return message?.type === 'json' ? decodeJson(message.text) : undefined
}
