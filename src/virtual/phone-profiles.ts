import { decodeHex } from '../bytes/hex.js'
import { COSE_ALGORITHM } from '../ctap/cose-key.js'
import { AAGUID_BYTES } from '../ctap/get-info.js'
import { CTAP_STATUS } from '../ctap/status.js'
import type { PhoneProfile } from './phone-profile.js'
import { USUAL_ALGORITHMS } from './signature-algorithms.js'

const NO_AAGUID = new Uint8Array(AAGUID_BYTES)

/**
 * Holds 1,700 passkeys of 16 bytes in a list. Clients that keep to CTAP 2.2 send no more than 1,024 bytes to an authenticator that
 * says nothing (section 6.4).
 */
const MAX_MSG_SIZE = 65_536

/** A phone without peculiarities, which can do all that this library can. */
const GENERIC: PhoneProfile = {
  info: {
    versions: ['FIDO_2_0', 'FIDO_2_1'],
    extensions: ['credProtect', 'largeBlob', 'prf'],
    options: new Map([
      ['rk', true],
      ['up', true],
      ['uv', true],
      ['plat', false],
    ]),
    maxMsgSize: MAX_MSG_SIZE,
    transports: ['internal', 'hybrid'],
  },
  infoHasAlgorithms: true,
  aaguid: NO_AAGUID,
  algorithms: USUAL_ALGORITHMS,
  backup: 'none',
  signCounter: 'counting',
  accountChoice: 'phone',
  features: ['ctap'],
  commands: 'many',
  updates: 'linking',
  alwaysVerifies: false,
  registrationNeeds: [],
  hangsUpFor: [],
  answersGetInfo: true,
  answersLesserCommands: true,
  hangsUpWithoutPasskey: false,
  user: 'standard',
}

/** A user’s refusal is the end of the tunnel (protocol.md 11 and 19, point 16). */
const REFUSALS = [CTAP_STATUS.ERR_OPERATION_DENIED, CTAP_STATUS.ERR_USER_ACTION_TIMEOUT] as const

/** What synced passkeys of a phone’s own system have in common. */
const SYNCED = {
  algorithms: [COSE_ALGORITHM.es256],
  infoHasAlgorithms: false,
  backup: 'backed-up',
  signCounter: 'zero',
  commands: 'one',
  alwaysVerifies: true,
} as const

/**
 * Play services, getInfo of protocol.md 15.1. Where there is no record of them, this follows Chrome’s phone, their
 * predecessor (protocol.md 10.2, 15.1 to 15.3): it sends the update whether or not it links.
 */
const ANDROID: PhoneProfile = {
  ...GENERIC,
  ...SYNCED,
  info: { ...GENERIC.info, extensions: ['prf'], maxMsgSize: undefined },
  infoAaguid: NO_AAGUID,
  updates: 'always',
  // Google Password Manager.
  aaguid: decodeHex('ea9b8d664d011d213ce4b6b48cb575d4'),
  registrationNeeds: [
    [2, 'name'],
    [3, 'name'],
    [3, 'displayName'],
  ],
  hangsUpFor: [
    ...REFUSALS,
    CTAP_STATUS.ERR_INVALID_COMMAND,
    CTAP_STATUS.ERR_INVALID_LENGTH,
    CTAP_STATUS.ERR_CBOR_UNEXPECTED_TYPE,
    CTAP_STATUS.ERR_INVALID_CBOR,
    CTAP_STATUS.ERR_MISSING_PARAMETER,
  ],
  // protocol.md 15.3: it aborts.
  answersLesserCommands: false,
  hangsUpWithoutPasskey: true,
  user: 'unlisted',
}

/** An iPhone of 2026, as recorded (protocol.md 10.1, 15.1, 15.3 and 19). It sends no update message. */
const IOS: PhoneProfile = {
  ...GENERIC,
  ...SYNCED,
  info: {
    versions: ['FIDO_2_0', 'FIDO_2_1'],
    extensions: ['largeBlob', 'prf'],
    options: new Map([
      ['rk', true],
      ['uv', true],
      ['jsonMessages', true],
    ]),
    transports: ['internal', 'hybrid'],
  },
  infoAaguid: decodeHex('f24a8e70d0d3f82c293732523cc4de5a'),
  // iCloud Keychain.
  aaguid: decodeHex('fbfc3007154e4ecc8c0b6e020557d7bd'),
  features: ['ctap', 'dc'],
  updates: 'never',
  registrationNeeds: [
    [2, 'name'],
    [3, 'displayName'],
  ],
  hangsUpFor: [...REFUSALS, CTAP_STATUS.ERR_MISSING_PARAMETER],
  answersGetInfo: false,
  user: 'nameless',
}

/** Its passkeys are bound to the device; the system beneath it speaks on the wire. */
const MICROSOFT = { backup: 'none' } as const

/** A phone by its name. */
export type PhoneProfileName = 'generic' | 'android' | 'ios' | 'ms-authenticator' | 'ms-authenticator-ios'

/**
 * The phones people have. Each reproduces getInfo, AAGUID, transports, features and manners of its kind, as far as they
 * are on record; `ms-authenticator` is the app on Android, `ms-authenticator-ios` on an iPhone.
 */
export const PHONE_PROFILES: Readonly<Record<PhoneProfileName, PhoneProfile>> = {
  generic: GENERIC,
  android: ANDROID,
  ios: IOS,
  'ms-authenticator': { ...ANDROID, ...MICROSOFT, aaguid: decodeHex('de1e552ddb1d4423a619566b625cdc84') },
  'ms-authenticator-ios': { ...IOS, ...MICROSOFT, aaguid: decodeHex('90a3ccdf635c4729a2489b709135078f') },
}
