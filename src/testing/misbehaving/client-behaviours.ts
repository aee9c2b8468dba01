import { concatBytes } from '../../bytes/bytes.js'
import { CTAP_COMMAND } from '../../ctap/commands.js'
import type { ClientMisbehaviour } from './catalogue.js'
import type { ClientBehaviour, ClientMoment } from './client.js'
import {
  BOMBS,
  GOODBYE,
  HANDSHAKE_DEEDS,
  JSON_MESSAGE,
  NO_CBOR,
  NOTHING,
  reorders,
  repeats,
  returns,
  saysCtap,
  saysUpdate,
  SEAL_DEEDS,
  UNKNOWN_MESSAGE,
  UPDATE,
} from './frames.js'
import { both, hangsUp, says, sends, sendsProper, silence } from './hand.js'
import type { Deed } from './hand.js'

/** CTAP 2.2 section 6 gives it no meaning. */
const UNKNOWN_COMMAND = 0x3f

const at = (moment: ClientMoment, deed: Deed): ClientBehaviour => ({ deeds: { [moment]: deed } })
const requesting = (parameters: () => Uint8Array): ClientBehaviour =>
  at(
    'request',
    saysCtap(() => concatBytes(Uint8Array.of(CTAP_COMMAND.makeCredential), parameters())),
  )

/** What each misbehaving client does otherwise than a decent one. */
export const CLIENT_BEHAVIOURS: Readonly<Record<ClientMisbehaviour, ClientBehaviour>> = {
  'no-connection': at('dial', silence),
  'no-message-1': at('message-1', silence),
  'hang-up-before-message-1': at('message-1', hangsUp),
  'message-1-off-curve': at('message-1', HANDSHAKE_DEEDS['off-curve']),
  'message-1-zero-point': at('message-1', HANDSHAKE_DEEDS['zero-point']),
  'message-1-wrong-point': at('message-1', HANDSHAKE_DEEDS['wrong-point']),
  'message-1-compressed-point': at('message-1', HANDSHAKE_DEEDS['compressed-point']),
  'message-1-flipped-bit': at('message-1', HANDSHAKE_DEEDS['flipped-bit']),
  'message-1-short': at('message-1', HANDSHAKE_DEEDS.short),
  'message-1-long': at('message-1', HANDSHAKE_DEEDS.long),
  'message-1-empty': at('message-1', HANDSHAKE_DEEDS.empty),
  'message-1-oversized': at('message-1', HANDSHAKE_DEEDS.oversized),
  'message-1-repeated': at(
    'request',
    sends(({ sent }) => sent[0] ?? NOTHING),
  ),
  'wrong-psk': { deeds: {}, wrongPsk: true },
  'no-request': at('request', silence),
  'hang-up-before-request': at('request', hangsUp),
  'goodbye-before-request': at(
    'request',
    says(() => GOODBYE),
  ),
  'introduction-returned': at('request', returns),
  'request-unsealed': at('request', SEAL_DEEDS.unsealed),
  'request-flipped-bit': at('request', SEAL_DEEDS['flipped-bit']),
  'request-empty-frame': at('request', SEAL_DEEDS['empty-frame']),
  'request-short-frame': at('request', SEAL_DEEDS['short-frame']),
  'request-oversized-frame': at('request', SEAL_DEEDS['oversized-frame']),
  'request-counter-ahead': at('request', SEAL_DEEDS['counter-ahead']),
  'request-counter-limit': at('request', SEAL_DEEDS['counter-limit']),
  'request-padding-missing': at('request', SEAL_DEEDS['padding-missing']),
  'request-padding-beyond': at('request', SEAL_DEEDS['padding-beyond']),
  'request-padding-only': at('request', SEAL_DEEDS['padding-only']),
  'request-padding-not-zeros': at('request', SEAL_DEEDS['padding-not-zeros']),
  'request-repeated': at('request', repeats),
  'asks-twice': at('request', both(sendsProper, sendsProper)),
  'frames-reordered': at(
    'request',
    reorders(
      () => UPDATE,
      ({ proper }) => proper,
    ),
  ),
  'json-message': at(
    'request',
    says(() => JSON_MESSAGE),
  ),
  'type-unknown': at(
    'request',
    says(() => UNKNOWN_MESSAGE),
  ),
  'message-empty': at(
    'request',
    says(() => NOTHING),
  ),
  'update-early': at(
    'request',
    both(
      says(() => UPDATE),
      sendsProper,
    ),
  ),
  'update-malformed': at(
    'request',
    saysUpdate(() => NO_CBOR),
  ),
  'update-bomb-depth': at('request', saysUpdate(BOMBS.depth)),
  'request-empty': at(
    'request',
    saysCtap(() => NOTHING),
  ),
  'request-unknown-command': at(
    'request',
    saysCtap(() => Uint8Array.of(UNKNOWN_COMMAND)),
  ),
  'request-no-cbor': requesting(() => NO_CBOR),
  'request-bomb-depth': requesting(BOMBS.depth),
  'request-bomb-count': requesting(BOMBS.count),
  'request-bomb-items': requesting(BOMBS.items),
  'request-bomb-length': requesting(BOMBS.length),
  'no-goodbye': at('goodbye', silence),
  'hang-up-without-goodbye': at('goodbye', hangsUp),
}
