import { concatBytes } from '../../bytes/bytes.js'
import { ADVERT_BYTES } from '../../advert/service-data.js'
import { encodeCbor } from '../../cbor/cbor.js'
import { cborMap } from '../../cbor/value.js'
import { CTAP_STATUS } from '../../ctap/status.js'
import { encodeMessage } from '../../message/message.js'
import { encodePostHandshake } from '../../message/post-handshake.js'
import type { CborMap } from '../../cbor/value.js'
import { FALSE_ANSWERS } from './answers.js'
import type { PhoneMisbehaviour } from './catalogue.js'
import {
  BOMBS,
  flipped,
  GOODBYE,
  JSON_MESSAGE,
  NO_CBOR,
  NOTHING,
  oversized,
  reorders,
  repeats,
  returns,
  sendsCtap,
  sendsUpdate,
  UNKNOWN_MESSAGE,
  UPDATE,
} from './frames.js'
import { family, HANDSHAKE_FAULTS, SEAL_FAULTS } from './faults.js'
import { linkingMap, NO_POINT, FOREIGN_SIGNATURE } from './links.js'
import { both, bytesOf, hangsUp, sendsSealed, sendsFrame, silence } from './turn.js'
import type { Bytes, Act } from './turn.js'
import type { PhoneBehaviour, PhoneMoment } from './phone.js'

const ROUTING_ID_OFFSET = 11
const TUNNEL_SERVICE_OFFSET = 14
const UNASSIGNED_SERVICE = 2
/** What caBLE v2.0 pads its first message to. */
const REVISION_0_BLOCK_BYTES = 512
const SOME = 5
const CONTACT_ID_BEYOND_BYTES = 1025

const at = (moment: PhoneMoment, act: Act): PhoneBehaviour => ({ acts: { [moment]: act } })
const advertising = (eid: (plaintext: Uint8Array) => Uint8Array): PhoneBehaviour => ({ acts: {}, eid })
const introducing = (plaintext: Bytes): PhoneBehaviour => at('introduction', sendsSealed(plaintext))
const describing = (getInfo: Bytes): PhoneBehaviour =>
  introducing(hand => encodePostHandshake({ getInfo: bytesOf(getInfo, hand), features: ['ctap'] }))
const answering = (payload: Bytes): PhoneBehaviour => at('answer', sendsCtap(payload))
const succeedingWith = (map: Bytes): PhoneBehaviour =>
  answering(hand => concatBytes(Uint8Array.of(CTAP_STATUS.SUCCESS), bytesOf(map, hand)))

const offering = (linking: () => CborMap): PhoneBehaviour =>
  at(
    'introduced',
    sendsSealed(() => encodeMessage({ type: 'update', linking: linking() })),
  )

/** The introduction, then zeros, and their count in two bytes, least significant first. */
function asRevision0(plaintext: Uint8Array): Uint8Array {
  const padded = new Uint8Array(REVISION_0_BLOCK_BYTES)
  padded.set(plaintext)
  new DataView(padded.buffer).setUint16(padded.length - 2, padded.length - 2 - plaintext.length, true)
  return padded
}

/** What each misbehaving phone does otherwise than a decent one. */
export const PHONE_BEHAVIOURS: Readonly<Record<PhoneMisbehaviour, PhoneBehaviour>> = {
  'no-advert': at('advert', silence),
  'advert-flipped-bit': at(
    'advert',
    sendsFrame(({ proper }) => flipped(proper)),
  ),
  'advert-short': at(
    'advert',
    sendsFrame(({ proper }) => proper.slice(0, ADVERT_BYTES - 1)),
  ),
  'advert-empty': at('advert', sendsFrame(NOTHING)),
  'advert-reserved-byte': advertising(eid => eid.with(0, 1)),
  'advert-unassigned-service': advertising(eid => eid.with(TUNNEL_SERVICE_OFFSET, UNASSIGNED_SERVICE)),
  'advert-elsewhere': advertising(eid => eid.with(ROUTING_ID_OFFSET, (eid[ROUTING_ID_OFFSET] ?? 0) ^ 1)),
  'hang-up-before-client': at('advert', hand => {
    // First: on a memory air the client hears the advert within the same turn.
    hand.hangUp()
    hand.sendFrame(hand.proper)
  }),
  'no-message-2': at('message-2', silence),
  'hang-up-at-message-1': at('message-2', hangsUp),
  ...family('message-2', HANDSHAKE_FAULTS, ([, act]) => at('message-2', act)),
  'message-1-returned': at('message-2', returns),
  'wrong-psk': { acts: {}, wrongPsk: true },
  'no-introduction': at('introduction', silence),
  'hang-up-at-introduction': at('introduction', hangsUp),
  ...family('introduction', SEAL_FAULTS, ([, act]) => at('introduction', act)),
  'introduction-no-cbor': introducing(NO_CBOR),
  'introduction-revision-0': at(
    'introduction',
    sendsSealed(({ proper }) => asRevision0(proper)),
  ),
  'introduction-without-ctap': introducing(() => encodePostHandshake({ features: ['dc'] })),
  'introduction-without-getinfo': introducing(() => encodePostHandshake({ features: ['ctap'] })),
  'introduction-bomb-depth': introducing(BOMBS.depth),
  'introduction-bomb-count': introducing(BOMBS.count),
  'introduction-bomb-length': introducing(BOMBS.length),
  'getinfo-no-cbor': describing(NO_CBOR),
  'getinfo-without-versions': describing(() => encodeCbor(cborMap([]))),
  'getinfo-bomb-depth': describing(BOMBS.depth),
  'getinfo-bomb-items': describing(BOMBS.items),
  'message-2-repeated': at(
    'introduced',
    sendsFrame(({ sent }) => sent[0] ?? NOTHING),
  ),
  'introduction-repeated': at('introduction', repeats),
  'frames-reordered': at(
    'introduction',
    reorders(({ proper }) => proper, UPDATE),
  ),
  'answer-unasked': at('introduced', sendsCtap(Uint8Array.of(CTAP_STATUS.SUCCESS))),
  'goodbye-unasked': at('introduced', sendsSealed(GOODBYE)),
  'hang-up-unasked': at('introduced', hangsUp),
  'json-unasked': at('introduced', sendsSealed(JSON_MESSAGE)),
  'type-unknown': at('introduced', sendsSealed(UNKNOWN_MESSAGE)),
  'message-empty': at('introduced', sendsSealed(NOTHING)),
  'update-early': at('introduced', sendsSealed(UPDATE)),
  'update-repeated': at('introduced', both(...Array.from({ length: SOME }, () => sendsSealed(UPDATE)))),
  'update-malformed': at('introduced', sendsUpdate(NO_CBOR)),
  'update-bomb-depth': at('introduced', sendsUpdate(BOMBS.depth)),
  'link-incomplete': offering(() => cborMap([])),
  'link-off-curve': offering(() => linkingMap({ publicKey: NO_POINT })),
  'link-unsigned': offering(() => linkingMap({})),
  'link-forged': offering(() => linkingMap({ signature: FOREIGN_SIGNATURE })),
  'link-contact-oversized': offering(() =>
    linkingMap({ contactId: new Uint8Array(CONTACT_ID_BEYOND_BYTES) }),
  ),
  'update-late': at('answered', sendsSealed(UPDATE)),
  'no-answer': at('answer', silence),
  'hang-up-at-request': at('answer', hangsUp),
  'request-returned': at('answer', returns),
  'answer-flipped-bit': at('answer', SEAL_FAULTS['flipped-bit'][1]),
  'answer-repeated': at('answer', repeats),
  'answer-oversized': at('answer', sendsFrame(oversized)),
  'answer-empty': answering(NOTHING),
  'answer-status': answering(Uint8Array.of(CTAP_STATUS.ERR_OPERATION_DENIED)),
  'answer-no-cbor': succeedingWith(NO_CBOR),
  'answer-bomb-depth': succeedingWith(BOMBS.depth),
  'answer-bomb-count': succeedingWith(BOMBS.count),
  'answer-bomb-items': succeedingWith(BOMBS.items),
  'answer-bomb-length': succeedingWith(BOMBS.length),
  ...family('answer', FALSE_ANSWERS, ([, act]) => at('answer', act)),
}
