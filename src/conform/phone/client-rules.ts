import type { ClientMisbehaviour } from '../../testing/misbehaving/catalogue.js'
import type { Rule } from '../judgement.js'
import type { Registers } from './phone-scene.js'

/** What a phone does when a client misbehaves. */
export type PhoneRule = readonly [registers: Registers, ...rule: Rule]

const failing = (section: string): PhoneRule => ['does not register', 'must', 'end', section]

/** How a phone ends that meets each misbehaving client; undefined where its user decides how. */
export const CLIENT_RULES: Readonly<Record<ClientMisbehaviour, PhoneRule | undefined>> = {
  'no-connection': ['does not register', 'must', 'no-crash', '2.1'],
  'no-message-1': ['does not register', 'must', 'no-crash', '8.5'],
  'hang-up-before-message-1': failing('11'),
  'message-1-off-curve': failing('8.5'),
  'message-1-zero-point': failing('8.5'),
  'message-1-wrong-point': failing('8.5'),
  'message-1-compressed-point': failing('8.5'),
  'message-1-flipped-bit': failing('8.5'),
  'message-1-short': failing('8.5'),
  'message-1-long': failing('8.5'),
  'message-1-empty': failing('8.5'),
  'message-1-oversized': failing('7.4'),
  'message-1-repeated': failing('9'),
  'wrong-psk': failing('8.5'),
  'no-request': ['does not register', 'must', 'no-crash', '10.2'],
  'hang-up-before-request': failing('11'),
  'goodbye-before-request': failing('11'),
  'introduction-returned': failing('9'),
  'request-unsealed': failing('9'),
  'request-flipped-bit': failing('9'),
  'request-empty-frame': failing('9'),
  'request-short-frame': failing('9'),
  'request-oversized-frame': failing('7.4'),
  'request-counter-ahead': failing('9'),
  'request-counter-limit': failing('9'),
  'request-padding-missing': failing('9'),
  'request-padding-beyond': failing('9'),
  'request-padding-only': failing('9'),
  'request-padding-not-zeros': ['registers', 'should', 'result', '9'],
  'request-repeated': [undefined, 'must', 'end', '9'],
  'asks-twice': [undefined, 'may', 'end', '10.2'],
  'frames-reordered': failing('9'),
  'json-message': ['does not register', 'should', 'end', '10.2'],
  'type-unknown': failing('10.2'),
  'message-empty': ['does not register', 'should', 'end', '10.2'],
  'update-early': ['registers', 'should', 'result', '10.2'],
  'update-malformed': ['does not register', 'may', 'end', '10.2'],
  'update-bomb-depth': ['does not register', 'may', 'end', '10.2'],
  'request-empty': failing('15.1'),
  'request-unknown-command': failing('15.6'),
  'request-no-cbor': failing('15.2'),
  'request-bomb-depth': failing('15.2'),
  'request-bomb-count': failing('15.2'),
  'request-bomb-items': failing('15.2'),
  'request-bomb-length': failing('15.2'),
  'asks-for-every-site': ['does not register', 'should', 'end', '15.4'],
  'asks-again': undefined,
  'no-goodbye': ['registers', 'must', 'no-crash', '11'],
  'hang-up-without-goodbye': ['registers', 'must', 'end', '11'],
}
