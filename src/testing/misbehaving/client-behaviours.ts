import { concatBytes } from '../../bytes/bytes.js'
import { CTAP_COMMAND } from '../../ctap/commands.js'
import { encodeGetAssertionRequest } from '../../ctap/get-assertion.js'
import { CLIENT_DATA_HASH_BYTES } from '../../ctap/make-credential.js'
import type { ClientMisbehaviour } from './catalogue.js'
import { REGISTRATION_MESSAGE } from './client.js'
import type { ClientBehaviour, ClientMoment } from './client.js'
import {
  BOMBS,
  GOODBYE,
  JSON_MESSAGE,
  NO_CBOR,
  NOTHING,
  reorders,
  repeats,
  returns,
  sendsCtap,
  sendsUpdate,
  UNKNOWN_MESSAGE,
  UPDATE,
} from './frames.js'
import { family, HANDSHAKE_FAULTS, SEAL_FAULTS } from './faults.js'
import { both, bytesOf, hangsUp, sendsSealed, sendsFrame, sendsProper, silence } from './turn.js'
import type { Bytes, Act } from './turn.js'

/** CTAP 2.2 section 6 gives it no meaning. */
const UNKNOWN_COMMAND = 0x3f

const at = (moment: ClientMoment, act: Act): ClientBehaviour => ({ acts: { [moment]: act } })
const requesting = (parameters: Bytes): ClientBehaviour =>
  at(
    'request',
    sendsCtap(hand => concatBytes(Uint8Array.of(CTAP_COMMAND.makeCredential), bytesOf(parameters, hand))),
  )

/** A client that is let asks more often than people count, and ends. */
const QUESTIONS_MAX = 5000

/** Each question is about another relying party. */
const asksForPasskey: Act = sendsCtap(({ sent }) =>
  encodeGetAssertionRequest({
    rpId: `site-${sent.length}.example`,
    clientDataHash: new Uint8Array(CLIENT_DATA_HASH_BYTES),
    up: true,
    uv: true,
  }),
)
const oftenEnough =
  (question: Act): Act =>
  hand =>
    (hand.sent.length < QUESTIONS_MAX ? question : sendsProper)(hand)

/** What each misbehaving client does otherwise than a decent one. */
export const CLIENT_BEHAVIOURS: Readonly<Record<ClientMisbehaviour, ClientBehaviour>> = {
  'no-connection': at('dial', silence),
  'no-message-1': at('message-1', silence),
  'hang-up-before-message-1': at('message-1', hangsUp),
  ...family('message-1', HANDSHAKE_FAULTS, ([, act]) => at('message-1', act)),
  'message-1-repeated': at(
    'request',
    sendsFrame(({ sent }) => sent[0] ?? NOTHING),
  ),
  'wrong-psk': { acts: {}, wrongPsk: true },
  'no-request': at('request', silence),
  'hang-up-before-request': at('request', hangsUp),
  'goodbye-before-request': at('request', sendsSealed(GOODBYE)),
  'introduction-returned': at('request', returns),
  ...family('request', SEAL_FAULTS, ([, act]) => at('request', act)),
  'request-repeated': at('request', repeats),
  'asks-twice': at('request', both(sendsProper, sendsProper)),
  'frames-reordered': at(
    'request',
    reorders(UPDATE, ({ proper }) => proper),
  ),
  'json-message': at('request', sendsSealed(JSON_MESSAGE)),
  'type-unknown': at('request', sendsSealed(UNKNOWN_MESSAGE)),
  'message-empty': at('request', sendsSealed(NOTHING)),
  'update-early': at('request', both(sendsSealed(UPDATE), sendsProper)),
  'update-malformed': at('request', sendsUpdate(NO_CBOR)),
  'update-bomb-depth': at('request', sendsUpdate(BOMBS.depth)),
  'request-empty': at('request', sendsCtap(NOTHING)),
  'request-unknown-command': at('request', sendsCtap(Uint8Array.of(UNKNOWN_COMMAND))),
  'request-no-cbor': requesting(NO_CBOR),
  'request-bomb-depth': requesting(BOMBS.depth),
  'request-bomb-count': requesting(BOMBS.count),
  'request-bomb-items': requesting(BOMBS.items),
  'request-bomb-length': requesting(BOMBS.length),
  'asks-for-every-site': { acts: { request: asksForPasskey, goodbye: oftenEnough(asksForPasskey) } },
  'asks-again': at('goodbye', oftenEnough(sendsSealed(REGISTRATION_MESSAGE))),
  'no-goodbye': at('goodbye', silence),
  'hang-up-without-goodbye': at('goodbye', hangsUp),
}
