import { encodeSuffix } from '../../advert/suffix.js'
import { concatBytes } from '../../bytes/bytes.js'
import { encodeHex } from '../../bytes/hex.js'
import { systemRandom } from '../../adapters/system/system.js'
import { cborMap } from '../../cbor/value.js'
import { encodeCbor, decodeCbor } from '../../cbor/cbor.js'
import type { PhoneBehaviour } from '../../testing/misbehaving/phone.js'
import { sendsFrame, sendsSealed } from '../../testing/misbehaving/turn.js'
import type { Act } from '../../testing/misbehaving/turn.js'
import { advertLine } from '../contract.js'
import type { ClientMeeting } from './client-scene.js'

const ADVERT_BYTES = 20
const FOREIGN_ADVERTS = 5
export const SUFFIX_PSM = 130
/** `{1: 130}` (protocol.md 5.4). */
export const SUFFIX: Uint8Array = encodeSuffix({ psm: SUFFIX_PSM })
export const NO_SUFFIX: Uint8Array = Uint8Array.of(0xff, 0x00)

const sealsWith = (change: (plaintext: Uint8Array) => Uint8Array): Act =>
  sendsSealed(({ proper }) => change(proper))

/** The introduction with other members. */
export const introducing = (
  ...members: readonly [number, Parameters<typeof encodeCbor>[0]][]
): PhoneBehaviour => ({
  acts: {
    introduction: sealsWith(proper => {
      const map = decodeCbor(proper)
      if (!(map instanceof Map)) return proper
      return encodeCbor(cborMap([...map, ...members]))
    }),
  },
})

/** Padded as libwebauthn pads: the type byte comes before blocks of 32 bytes. */
export const inOddBlocks: PhoneBehaviour = {
  acts: {
    answer: sendsFrame(({ traffic, proper }) => {
      const zeros = BLOCK_BYTES - ((proper.length - 1) % BLOCK_BYTES) - 1
      return traffic?.sealPadded(concatBytes(proper, new Uint8Array(zeros), Uint8Array.of(zeros))) ?? proper
    }),
  },
}
const BLOCK_BYTES = 32

export const advertising = (suffix: Uint8Array): PhoneBehaviour => ({
  acts: { advert: sendsFrame(({ proper }) => concatBytes(proper, suffix)) },
})

export const strangersFirst: ClientMeeting['before'] = command => {
  for (let sent = 0; sent < FOREIGN_ADVERTS; sent++)
    command.write(advertLine(encodeHex(systemRandom.bytes(ADVERT_BYTES + sent))))
  command.write(advertLine(''))
}

export const answeredThen = (act: Act): PhoneBehaviour => ({ acts: { answered: act } })
