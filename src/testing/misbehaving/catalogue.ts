import { FALSE_ANSWERS } from './answers.js'
import type { FalseAnswer } from './answers.js'
import { family, HANDSHAKE_FAULTS, SEAL_FAULTS } from './faults.js'
import type { HandshakeFault, SealFault } from './faults.js'

const OF_PHONE = {
  'no-advert': 'opens a tunnel and never advertises it',
  'advert-flipped-bit': 'advertises with one bit wrong',
  'advert-short': 'advertises 19 bytes',
  'advert-empty': 'advertises nothing at all',
  'advert-reserved-byte': 'advertises a plaintext that does not begin with 0',
  'advert-unassigned-service': 'advertises a tunnel service that nobody has',
  'advert-elsewhere': 'advertises a tunnel where it is not',
  'hang-up-before-client': 'advertises, and leaves the tunnel',
  'no-message-2': 'does not answer the handshake',
  'hang-up-at-message-1': 'hangs up on the handshake',
  'message-1-returned': 'answers the handshake with what it got',
  'wrong-psk': 'answers the handshake without having read the QR code',
  'no-introduction': 'does not introduce itself',
  'hang-up-at-introduction': 'hangs up instead of introducing itself',
  'introduction-no-cbor': 'introduces itself with bytes that are not CBOR',
  'introduction-revision-0': 'introduces itself as caBLE v2.0',
  'introduction-without-ctap': 'offers digital credentials only',
  'introduction-without-getinfo': 'offers CTAP and does not say what it can do',
  'introduction-bomb-depth': 'introduces itself with arrays in arrays in arrays',
  'introduction-bomb-count': 'introduces itself with a map that claims four billion members',
  'introduction-bomb-length': 'introduces itself with a string that claims four billion bytes',
  'getinfo-no-cbor': 'sends a getInfo that is not CBOR',
  'getinfo-without-versions': 'sends a getInfo that lacks what it must have',
  'getinfo-bomb-depth': 'sends a getInfo of arrays in arrays in arrays',
  'getinfo-bomb-items': 'sends a getInfo of a hundred thousand items',
  'message-2-repeated': 'answers the handshake again after its introduction',
  'introduction-repeated': 'sends its introduction twice',
  'frames-reordered': 'sends an update before the introduction that was sealed first',
  'answer-unasked': 'answers before it was asked',
  'goodbye-unasked': 'says goodbye before it was asked',
  'hang-up-unasked': 'hangs up before it was asked',
  'json-unasked': 'sends a JSON message',
  'type-unknown': 'sends a message of a type that nobody knows',
  'message-empty': 'sends a message without a type',
  'update-early': 'sends an update before it was asked',
  'update-repeated': 'sends the same update five times',
  'update-malformed': 'sends an update that is not CBOR',
  'update-bomb-depth': 'sends an update of arrays in arrays in arrays',
  'link-incomplete': 'offers a link that lacks what it must have',
  'link-off-curve': 'offers a link with a key that is not on P-256',
  'link-unsigned': 'offers a link with a signature of zeros',
  'link-forged': 'offers a link that is signed by nobody that the laptop has met',
  'link-contact-oversized': 'offers a link with a contact ID of 1025 bytes',
  'update-late': 'sends an update after its answer',
  'no-answer': 'does not answer a request',
  'hang-up-at-request': 'hangs up on a request',
  'request-returned': 'answers with the frame that it got',
  'answer-flipped-bit': 'answers with one bit wrong',
  'answer-repeated': 'sends the frame of its answer twice',
  'answer-oversized': 'answers with more than a tunnel carries',
  'answer-empty': 'answers without a status',
  'answer-status': 'answers with an error status',
  'answer-no-cbor': 'answers with a status and bytes that are not CBOR',
  'answer-bomb-depth': 'answers with arrays in arrays in arrays',
  'answer-bomb-count': 'answers with a map that claims four billion members',
  'answer-bomb-items': 'answers with a hundred thousand items',
  'answer-bomb-length': 'answers with a string that claims four billion bytes',
} as const

/** A way in which a phone misbehaves. */
export type PhoneMisbehaviour =
  | keyof typeof OF_PHONE
  | `message-2-${HandshakeFault}`
  | `introduction-${SealFault}`
  | `answer-${FalseAnswer}`

/** How a phone can misbehave, and what it does. */
export const PHONE_MISBEHAVIOURS: Readonly<Record<PhoneMisbehaviour, string>> = {
  ...OF_PHONE,
  ...family('message-2', HANDSHAKE_FAULTS, ([words]) => `answers the handshake ${words}`),
  ...family('introduction', SEAL_FAULTS, ([words]) => `introduces itself ${words}`),
  ...family('answer', FALSE_ANSWERS, ([words]) => `answers ${words}`),
}

const OF_CLIENT = {
  'no-connection': 'shows a QR code and never connects',
  'no-message-1': 'connects and says nothing',
  'hang-up-before-message-1': 'connects and hangs up',
  'message-1-repeated': 'begins the handshake again after it was answered',
  'wrong-psk': 'begins the handshake without having heard the advert',
  'no-request': 'asks for nothing',
  'hang-up-before-request': 'hangs up instead of asking',
  'goodbye-before-request': 'says goodbye instead of asking',
  'introduction-returned': 'asks with the frame that it got',
  'request-repeated': 'sends the frame of its request twice',
  'asks-twice': 'asks again before it has its answer',
  'frames-reordered': 'asks before an update that was sealed first',
  'json-message': 'sends a JSON message',
  'type-unknown': 'sends a message of a type that nobody knows',
  'message-empty': 'sends a message without a type',
  'update-early': 'sends an update before its request',
  'update-malformed': 'sends an update that is not CBOR',
  'update-bomb-depth': 'sends an update of arrays in arrays in arrays',
  'request-empty': 'sends a CTAP message without a command',
  'request-unknown-command': 'sends a command that nobody knows',
  'request-no-cbor': 'asks with bytes that are not CBOR',
  'request-bomb-depth': 'asks with arrays in arrays in arrays',
  'request-bomb-count': 'asks with a map that claims four billion members',
  'request-bomb-items': 'asks with a hundred thousand items',
  'request-bomb-length': 'asks with a string that claims four billion bytes',
  'asks-for-every-site': 'asks for a passkey of one relying party after another',
  'asks-again': 'asks again whatever the answer is',
  'no-goodbye': 'takes the answer and says nothing',
  'hang-up-without-goodbye': 'takes the answer and hangs up',
} as const

/** A way in which a client misbehaves. */
export type ClientMisbehaviour =
  keyof typeof OF_CLIENT | `message-1-${HandshakeFault}` | `request-${SealFault}`

/** How a client can misbehave, and what it does. */
export const CLIENT_MISBEHAVIOURS: Readonly<Record<ClientMisbehaviour, string>> = {
  ...OF_CLIENT,
  ...family('message-1', HANDSHAKE_FAULTS, ([words]) => `begins the handshake ${words}`),
  ...family('request', SEAL_FAULTS, ([words]) => `asks ${words}`),
}

/** How a tunnel service can misbehave towards one of its two parties, with frames and hours in its hands. */
export const TUNNEL_MISBEHAVIOURS = {
  'never-accepts': 'does not answer a dial',
  'accepts-and-holds': 'accepts, and lets nothing through',
  'frame-lost': 'loses the first frame',
  'frame-repeated': 'delivers the first frame twice',
  'frames-reordered': 'delivers the second frame before the first',
  'frame-flipped-bit': 'delivers the first frame with one bit wrong',
  'frame-cut': 'delivers the first frame without its last byte',
  'frame-emptied': 'delivers the first frame without its bytes',
  'frame-inserted': 'delivers a frame of its own before the first',
  'hangs-up-at-once': 'hangs up as soon as it has accepted',
  'hangs-up-at-first-frame': 'hangs up instead of delivering the first frame',
  'closes-going-away': 'closes with code 1001 instead of delivering the first frame',
  'closes-unsupported': 'closes with code 1003 instead of delivering the first frame',
  'closes-policy': 'closes with code 1008 instead of delivering the first frame',
  'closes-too-big': 'closes with code 1009 instead of delivering the first frame',
} as const

/** A way in which a tunnel misbehaves. */
export type TunnelMisbehaviour = keyof typeof TUNNEL_MISBEHAVIOURS

/** How a data channel can misbehave towards one of its two parties. */
export const DATA_CHANNEL_MISBEHAVIOURS = {
  refuses: 'is refused',
  'never-opens': 'does not open',
  'opens-and-holds': 'opens, and lets nothing through',
  'message-lost': 'loses the first message',
  'message-repeated': 'delivers the first message twice',
  'message-flipped-bit': 'delivers the first message with one bit wrong',
  'message-cut': 'delivers the first message without its last byte',
  'message-emptied': 'delivers a message without bytes instead of the first',
  'length-huge': 'announces four billion bytes instead of the first message',
  'length-huge-later': 'announces four billion bytes instead of the second message',
  'length-beyond-limit-later': 'announces one byte more than the limit instead of the second message',
  'closes-at-first-message': 'closes instead of delivering the first message',
  'closes-within-message': 'closes before the last byte of the first message',
  'breaks-at-first-message': 'breaks instead of delivering the first message',
  'breaks-later': 'breaks instead of delivering the second message',
} as const

/** A way in which a data channel misbehaves. */
export type DataChannelMisbehaviour = keyof typeof DATA_CHANNEL_MISBEHAVIOURS
