import { nodeCryptoProvider } from '../../adapters/node-crypto/node-crypto.js'
import { ADVERT_BYTES } from '../../advert/service-data.js'
import { equalBytes } from '../../bytes/bytes.js'
import { decodeHex } from '../../bytes/hex.js'
import { encodeUtf8 } from '../../bytes/utf8.js'
import { decodeAuthenticatorData } from '../../ctap/authenticator-data.js'
import type { AuthenticatorData } from '../../ctap/authenticator-data.js'
import { COSE_ALGORITHM, decodeCoseKey } from '../../ctap/cose-key.js'
import { decodeGetInfo } from '../../ctap/get-info.js'
import { decodeMakeCredentialResponse } from '../../ctap/make-credential.js'
import { decodePostHandshake } from '../../message/post-handshake.js'
import type { SeenOfPhone } from './phone-scene.js'

/** Finds what is wrong with what was seen of a phone; undefined where nothing is. */
export type PhoneCheck = (seen: SeenOfPhone) => string | undefined

const RP_ID = 'example.com'
const HEX_DIGITS_A_BYTE = 2

/** Runs a check that throws where something cannot be read. */
const reading =
  (what: string, check: PhoneCheck): PhoneCheck =>
  seen => {
    try {
      return check(seen)
    } catch (error) {
      return `${what} that cannot be read: ${error instanceof Error ? error.message : String(error)}`
    }
  }

/** 20 bytes, or 20 and a suffix. */
export const advertisesWhole: PhoneCheck = ({ adverts }) => {
  const short = adverts.find(advert => advert.length < HEX_DIGITS_A_BYTE * ADVERT_BYTES)
  if (adverts.length === 0) return 'no advert'
  return short === undefined ? undefined : `an advert of ${short.length / HEX_DIGITS_A_BYTE} bytes`
}

const suffixOf = (advert: string): Uint8Array => decodeHex(advert).subarray(ADVERT_BYTES)

/** More does not fit into an advert of Bluetooth 4 (protocol.md 5.4). */
export const advertisesBriefly: PhoneCheck = ({ adverts }) => {
  const long = adverts.find(advert => suffixOf(advert).length > SUFFIX_BYTES)
  return long === undefined ? undefined : `an advert of ${long.length / HEX_DIGITS_A_BYTE} bytes`
}
/** `{1: PSM}` with a PSM above 23. */
const SUFFIX_BYTES = 4

/** Some clients take 20 bytes and no more. */
export const namesNoChannel: PhoneCheck = ({ adverts }) =>
  adverts.every(advert => suffixOf(advert).length === 0) ? undefined : 'an advert with a suffix'

export const letsGoOfChannel: PhoneCheck = ({ hasLeftChannel }) =>
  hasLeftChannel ? undefined : 'the channel was kept'

export const advertisesOnce: PhoneCheck = ({ adverts }) => {
  const count = new Set(adverts).size
  return count === 1 ? undefined : `${count} different adverts for one code`
}

export const introducesItself: PhoneCheck = reading('an introduction', ({ side }) => {
  const [introduction] = side.plaintexts
  if (introduction === undefined) return 'no introduction'
  const { getInfo, features } = decodePostHandshake(introduction)
  if (!features.includes('ctap') || getInfo === undefined) return 'an introduction without ctap'
  const { versions } = decodeGetInfo(getInfo)
  return versions.some(version => version.startsWith('FIDO_2_')) ? undefined : 'no version of FIDO 2'
})

/** The authenticator data of the answer, held against a rule. */
const answering = (rule: (data: AuthenticatorData) => string | undefined): PhoneCheck =>
  reading('an answer', ({ answers }) => {
    const [answer] = answers
    if (answer === undefined) return 'no answer'
    return rule(decodeAuthenticatorData(decodeMakeCredentialResponse(answer).authData))
  })

export const answersForRp: PhoneCheck = answering(({ rpIdHash }) =>
  equalBytes(rpIdHash, nodeCryptoProvider.sha256(encodeUtf8(RP_ID)))
    ? undefined
    : 'authenticator data for another relying party',
)

export const verifiesUser: PhoneCheck = answering(({ flags }) => {
  if (!flags.up) return 'authenticator data without the flag of a user who was present'
  return flags.uv ? undefined : 'authenticator data without the flag of a user who was verified'
})

export const makesKey: PhoneCheck = answering(({ attestedCredential }) => {
  if (attestedCredential === undefined) return 'no credential'
  const key = decodeCoseKey(attestedCredential.publicKey)
  return key.algorithm === COSE_ALGORITHM.es256 ? undefined : 'a key of an algorithm that was not asked for'
})

export const answersOnce: PhoneCheck = ({ answers }) =>
  answers.length === 1 ? undefined : `${answers.length} answers to one request`
