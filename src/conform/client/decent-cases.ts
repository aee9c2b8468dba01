import { hangsUp, sendsSealed } from '../../testing/misbehaving/turn.js'
import { alwaysRefuse } from '../../virtual/consent.js'
import type { ConformCase } from '../case.js'
import * as side from '../side-checks.js'
import * as conduct from './conduct.js'
import { decentCase } from './decent-case.js'
import type { DecentCase } from './decent-case.js'
import {
  SUFFIX,
  NO_SUFFIX,
  introducing,
  inOddBlocks,
  advertising,
  strangersFirst,
  answeredThen,
} from './decent-phones.js'

const DECENT_CASES: readonly DecentCase[] = [
  {
    name: 'register',
    about: 'registers a passkey',
    section: '2.1',
  },
  {
    name: 'login',
    about: 'signs in with the passkey that the phone has',
    section: '2.1',
    operation: 'login',
  },
  {
    name: 'request',
    about: 'asks in canonical CBOR, for the relying party that it was told',
    section: '15.2',
    checks: [conduct.asksAsTold],
  },
  {
    name: 'login-request',
    about: 'asks for a sign-in in canonical CBOR, for the relying party that it was told',
    section: '15.2',
    operation: 'login',
    checks: [conduct.asksAsTold],
  },
  {
    name: 'login-allowed',
    about: 'signs in with the passkey that the relying party allows',
    section: '15.2',
    operation: 'login',
    isNamed: true,
  },
  {
    name: 'register-excluded',
    about: 'does not register where the phone has a passkey that the relying party excludes',
    section: '15.3',
    ending: 'error',
    isNamed: true,
  },
  {
    name: 'client-data',
    about: 'hands out the client data whose hash the phone signed',
    section: '15.2',
    expected: 'RESULT with client data of the challenge, the origin and the hash that was asked for',
    checks: [conduct.hashesClientData],
  },
  {
    name: 'login-client-data',
    about: 'hands out the client data whose hash the phone signed, when it signs in',
    section: '15.2',
    operation: 'login',
    expected: 'RESULT with client data of the challenge, the origin and the hash that was asked for',
    checks: [conduct.hashesClientData],
  },
  {
    name: 'code',
    about: 'shows a QR code of canonical CBOR with key and secret',
    section: '3.2',
    checks: [conduct.showsCode],
  },
  {
    name: 'code-linking',
    about: 'says in its QR code whether it keeps links',
    section: '3.2',
    level: 'should',
    checks: [conduct.saysWhetherItLinks],
  },
  {
    name: 'code-channels',
    about: 'shows a QR code without key 6 unless it is asked for data channels',
    section: '16.2',
    level: 'should',
    checks: [conduct.offersNoChannel],
  },
  {
    name: 'code-type',
    about: 'says in its QR code that it comes for a registration',
    section: '3.2',
    level: 'should',
    checks: [conduct.saysWhatFor],
  },
  {
    name: 'login-code-type',
    about: 'says in its QR code that it comes for a sign-in',
    section: '3.2',
    level: 'should',
    operation: 'login',
    checks: [conduct.saysWhatFor],
  },
  {
    name: 'code-services',
    about: 'says in its QR code that it knows both assigned tunnel services',
    section: '6',
    level: 'should',
    checks: [conduct.countsServices],
  },
  {
    name: 'code-time',
    about: 'says in its QR code when it was made',
    section: '3.2',
    level: 'should',
    checks: [conduct.tellsTime],
  },
  {
    name: 'code-case',
    about: 'writes FIDO:/ in upper case',
    section: '3.1',
    level: 'should',
    checks: [conduct.writesUpperCase],
  },
  {
    name: 'counters',
    about: 'seals each frame under the counter of its turn',
    section: '9',
    expected: 'each frame opens, the shutdown, too',
    checks: [side.opensAll, conduct.saysGoodbye],
  },
  {
    name: 'goodbye',
    about: 'says shutdown after the answer',
    section: '11',
    level: 'should',
    checks: [conduct.saysGoodbye],
  },
  {
    name: 'padding',
    about: 'pads to a multiple of 32 bytes',
    section: '9',
    level: 'should',
    checks: [side.padsToBlocks],
  },
  {
    name: 'padding-zeros',
    about: 'pads with zeros',
    section: '9',
    level: 'should',
    checks: [side.padsWithZeros],
  },
  {
    name: 'handshake-size',
    about: 'sends a message 1 of 81 bytes',
    section: '8.2',
    checks: [side.shakesHandsIn81],
  },
  {
    name: 'one-request',
    about: 'asks a phone once, as each request is a question to its user',
    section: '15.4',
    checks: [conduct.asksOnce],
  },
  {
    name: 'login-one-request',
    about: 'signs in with one request',
    section: '15.4',
    operation: 'login',
    isNamed: true,
    checks: [conduct.asksOnce],
  },
  {
    name: 'hang-up-after-answer',
    about: 'registers with a phone that answers and leaves',
    section: '11',
    behaviour: answeredThen(hangsUp),
  },
  {
    name: 'goodbye-of-phone',
    about: 'registers with a phone that says shutdown after its answer',
    section: '11',
    level: 'should',
    behaviour: answeredThen(sendsSealed(Uint8Array.of(0))),
  },
  {
    name: 'refused',
    about: 'tells of a phone whose user refuses, and which leaves',
    section: '11',
    ending: 'error',
    phone: { consent: alwaysRefuse('deny') },
  },
  {
    name: 'advert-suffix',
    about: 'hears a phone whose advert has a suffix',
    section: '5.4',
    // Chromium 156 demands 20 bytes: a phone has a suffix only for a client whose code has key 6.
    level: 'should',
    behaviour: advertising(SUFFIX),
  },
  {
    name: 'advert-suffix-broken',
    about: 'hears a phone whose advert has a suffix that is not CBOR',
    section: '5.4',
    level: 'should',
    behaviour: advertising(NO_SUFFIX),
  },
  {
    name: 'adverts-of-strangers',
    about: 'hears its phone among the adverts of others',
    section: '5.3',
    before: strangersFirst,
  },
  {
    name: 'introduction-unknown-members',
    about: 'reads an introduction with members that it does not know',
    section: '10.1',
    behaviour: introducing([0, new Uint8Array(100)], [999, 'new'], [65_535, 1]),
  },
  {
    name: 'introduction-unknown-feature',
    about: 'reads an introduction with a feature that it does not know',
    section: '10.1',
    behaviour: introducing([3, ['ctap', 'dc', 'new']]),
  },
  {
    name: 'padding-odd',
    about: 'takes frames that are no multiple of 32 bytes',
    section: '9',
    behaviour: inOddBlocks,
  },
  {
    name: 'phone-ios',
    about: 'registers with a phone that has the manners of an iPhone',
    section: '15.1',
    phone: { profile: 'ios' },
    behaviour: answeredThen(hangsUp),
  },
  {
    name: 'phone-android',
    about: 'registers with a phone that has the manners of Play services',
    section: '15.1',
    phone: { profile: 'android' },
    behaviour: {
      acts: {
        introduced: sendsSealed(Uint8Array.of(2, 0xa0)),
        answered: hangsUp,
      },
    },
  },
  {
    name: 'login-phone-ios',
    about: 'signs in with a phone that has the manners of an iPhone',
    section: '15.1',
    operation: 'login',
    phone: { profile: 'ios' },
    behaviour: answeredThen(hangsUp),
  },
  {
    name: 'login-phone-android',
    about: 'signs in with a phone that has the manners of Play services',
    section: '15.1',
    operation: 'login',
    phone: { profile: 'android' },
    behaviour: answeredThen(hangsUp),
  },
]

/** Phones without fault, and what a client has to do right with them. */
export const DECENT_TO_CLIENTS: readonly ConformCase[] = DECENT_CASES.map(decentCase)
