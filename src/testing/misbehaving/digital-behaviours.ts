import { concatBytes } from '../../bytes/bytes.js'
import { encodeUtf8 } from '../../bytes/utf8.js'
import { CTAP_STATUS } from '../../ctap/status.js'
import { writeDigitalFailure, writeDigitalResponse } from '../../digital/digital-response.js'
import { encodeJson } from '../../message/json.js'
import { encodePostHandshake } from '../../message/post-handshake.js'
import { REGISTRATION_MESSAGE } from './client.js'
import type { ClientBehaviour, ClientMoment } from './client.js'
import type { VerifierMisbehaviour, WalletMisbehaviour } from './digital-catalogue.js'
import { GOODBYE, sendsCtap } from './frames.js'
import type { PhoneBehaviour, PhoneMoment } from './phone.js'
import { both, hangsUp, sendsProper, sendsSealed, silence } from './turn.js'
import type { Act } from './turn.js'

const JSON_TYPE = Uint8Array.of(3)
const BROKEN_UTF8 = Uint8Array.of(0x22, 0xc3, 0x22)
const NESTED_LEVELS = 1000
const MANY = 100_000
const BOMBS = {
  depth: '['.repeat(NESTED_LEVELS) + ']'.repeat(NESTED_LEVELS),
  values: `[${'0,'.repeat(MANY)}0]`,
}

const says = (text: string): Act => sendsSealed(concatBytes(JSON_TYPE, encodeUtf8(text)))
const breaks: Act = sendsSealed(concatBytes(JSON_TYPE, BROKEN_UTF8))
const at = (moment: PhoneMoment, act: Act): PhoneBehaviour => ({ acts: { [moment]: act } })
const answering = (digital: unknown): PhoneBehaviour =>
  at('answer', says(encodeJson({ response: { digital } })))
const succeeds = sendsCtap(Uint8Array.of(CTAP_STATUS.SUCCESS))
const answersEmpty = says(encodeJson(writeDigitalFailure('NO_CREDENTIAL')))

/** What each misbehaving phone does otherwise than a decent one that is asked for a digital credential. */
export const WALLET_BEHAVIOURS: Readonly<Record<WalletMisbehaviour, PhoneBehaviour>> = {
  'introduction-without-dc': at(
    'introduction',
    // getInfo as the decent phone of these tests says it does not matter: nobody reads it.
    sendsSealed(encodePostHandshake({ getInfo: Uint8Array.of(0xa0), features: ['ctap'] })),
  ),
  'introduction-of-both-without-getinfo': at(
    'introduction',
    sendsSealed(encodePostHandshake({ features: ['ctap', 'dc'] })),
  ),
  'answer-unasked': at('introduced', answersEmpty),
  'ctap-unasked': at('introduced', succeeds),
  'no-answer': at('answer', silence),
  'hang-up-at-request': at('answer', hangsUp),
  'answer-ctap': at('answer', succeeds),
  'answer-twice': at('answer', both(sendsProper, sendsProper)),
  'answer-no-utf8': at('answer', breaks),
  'answer-no-json': at('answer', says('{"response":')),
  'answer-null': at('answer', says('null')),
  'answer-bomb-depth': at('answer', says(BOMBS.depth)),
  'answer-bomb-values': at('answer', says(BOMBS.values)),
  'answer-prototype': at('answer', says('{"__proto__":{"response":{"digital":{"data":{}}}}}')),
  'answer-other-protocol': at(
    'answer',
    says(encodeJson(writeDigitalResponse({ protocol: 'not-asked-for', data: {} }))),
  ),
  'answer-bare': answering({ data: { vp_token: {} } }),
  'answer-bare-text': answering({ data: 'vp_token' }),
  'answer-data-and-error': answering({ data: { vp_token: {} }, error: 'USER_CANCELED' }),
  'answer-neither': answering({}),
  'answer-error-number': answering({ error: 1 }),
  'answer-error-long': answering({ error: 'x'.repeat(MANY) }),
}

const digital = (acts: Readonly<Partial<Record<ClientMoment, Act>>>): ClientBehaviour => ({
  acts,
  digital: true,
})

/** What each misbehaving client does otherwise than a decent one that comes for a digital credential. */
export const VERIFIER_BEHAVIOURS: Readonly<Record<VerifierMisbehaviour, ClientBehaviour>> = {
  'request-ctap': digital({ request: sendsSealed(REGISTRATION_MESSAGE) }),
  'asks-twice': digital({ request: both(sendsProper, sendsProper) }),
  'asks-again': digital({ goodbye: says('{}') }),
  'asks-for-passkey-after': digital({ goodbye: sendsSealed(REGISTRATION_MESSAGE) }),
  'request-no-utf8': digital({ request: breaks }),
  'request-no-json': digital({ request: says('{"origin":') }),
  'request-bomb-depth': digital({ request: says(BOMBS.depth) }),
  'request-bomb-values': digital({ request: says(BOMBS.values) }),
  'request-of-another-shape': digital({ request: says('{"origin":"https://verifier.example"}') }),
  'goodbye-before-request': digital({ request: sendsSealed(GOODBYE) }),
  'no-goodbye': digital({ goodbye: silence }),
}
