import { concatBytes } from '../../bytes/bytes.js'
import { DATA_CHANNEL_MISBEHAVIOURS } from '../../testing/misbehaving/catalogue.js'
import type { DataChannelMisbehaviour } from '../../testing/misbehaving/catalogue.js'
import { CLIENT_BEHAVIOURS } from '../../testing/misbehaving/client-behaviours.js'
import type { ClientBehaviour } from '../../testing/misbehaving/client.js'
import { sendsFrame } from '../../testing/misbehaving/turn.js'
import { failed } from '../case.js'
import type { CaseFinding, ConformCase, Level } from '../case.js'
import { inPieces, misbehaving } from '../channel-ends.js'
import { ENDINGS, rulesOf } from '../judgement.js'
import type { CaseEnding, Rule } from '../judgement.js'
import type { Scene } from '../scene.js'
import { unaskedServiceFor } from '../scene-parts.js'
import { afterStranger, ClientRadio } from './client-radio.js'
import type { WayToPhone } from './client-radio.js'
import { withMembers } from './codes.js'
import * as conduct from './conduct.js'
import type { PhoneCheck } from './conduct.js'
import { meetClient } from './phone-scene.js'
import type { PhoneMeeting, Registers } from './phone-scene.js'

/** A phone that has data channels reads the code of a client that has them, too. */
interface ChannelCase {
  readonly name: string
  readonly about: string
  readonly section: string
  readonly level?: Level
  readonly registers?: Registers
  readonly ending?: CaseEnding
  /** Beside the ending. */
  readonly expected?: string
  readonly behaviour?: ClientBehaviour
  readonly way?: WayToPhone
  readonly code?: PhoneMeeting['code']
  /** There is no tunnel service. */
  readonly isOffline?: boolean
  readonly checks?: readonly PhoneCheck[]
}

/** As libwebauthn pads: the type byte, 31 zeros, and how many these are. */
const saysOddGoodbye = sendsFrame(({ traffic, proper }) => {
  const zeros = BLOCK_BYTES - 1
  return traffic?.sealPadded(concatBytes(proper, new Uint8Array(zeros), Uint8Array.of(zeros))) ?? proper
})
const BLOCK_BYTES = 32

const OVER_TUNNEL: ClientBehaviour = { acts: {} }
const OVER_BLE: ClientBehaviour = { acts: {}, dataChannel: 'ble' }
const TUNNEL_AND_BLE = [0, 1]
const UNKNOWN_CHANNEL = 7

const OWN: readonly ChannelCase[] = [
  {
    name: 'channel-advert',
    about: 'advertises 24 bytes at most, as more does not fit into a legacy advert',
    section: '5.4',
    level: 'should',
    expected: 'no advert is longer',
    checks: [conduct.advertisesBriefly],
  },
  {
    name: 'channel-register',
    about: 'registers over a data channel',
    section: '16.1',
  },
  {
    name: 'channel-offline',
    about: 'registers over a data channel while its tunnel service cannot be reached',
    section: '16.1',
    level: 'should',
    isOffline: true,
  },
  {
    name: 'channel-not-offered',
    about:
      'advertises 20 bytes alone where the code does not offer the channel, and registers through the tunnel',
    section: '16.2',
    behaviour: OVER_TUNNEL,
    expected: 'no advert has a suffix',
    checks: [conduct.namesNoChannel],
  },
  {
    name: 'channel-unknown',
    about:
      'reads a code that offers a channel which nobody knows as well, and registers over the one of Bluetooth',
    section: '3.2',
    level: 'should',
    code: withMembers([6, [...TUNNEL_AND_BLE, UNKNOWN_CHANNEL]]),
  },
  {
    name: 'channel-not-taken',
    about:
      'registers through the tunnel with a client that offers both channels and does not dial the one of Bluetooth',
    section: '16.1',
    behaviour: OVER_TUNNEL,
    code: withMembers([6, TUNNEL_AND_BLE]),
  },
  {
    name: 'channel-pieces',
    about: 'registers over a data channel that delivers the length of each message byte by byte',
    section: '16.4',
    way: { delivery: inPieces },
  },
  {
    name: 'channel-stranger',
    about: 'registers over a data channel after a stranger has dialled and said something wrong',
    section: '16.1',
    level: 'should',
    way: { dialing: afterStranger },
  },
  {
    name: 'channel-goodbye-odd',
    about: 'ends in peace after a shutdown of 33 bytes, the type in front of a whole block',
    section: '16.5',
    behaviour: { ...OVER_BLE, acts: { goodbye: saysOddGoodbye } },
  },
  {
    name: 'channel-hang-up-before-request',
    about: 'meets a client that closes the data channel before its request',
    section: '11',
    registers: 'does not register',
    ending: 'end',
    behaviour: { ...OVER_BLE, ...CLIENT_BEHAVIOURS['hang-up-before-request'] },
  },
]

/** What comes of a channel, and what else is looked at. */
type ChannelRule = readonly [...rule: Rule, also?: readonly [expected: string, check: PhoneCheck]]

const refusesMessage1: PhoneCheck = ({ side }) =>
  side.handshake === undefined && side.fault === undefined
    ? undefined
    : 'an answer to a message 1 that has to be refused'
const UNANSWERED = ['message 1 is not answered', refusesMessage1] as const
const LEFT = ['the channel is left', conduct.letsGoOfChannel] as const

/** A phone may wait for its client where the first message is wrong; what is left out shows nothing that another one does not. */
const RULES: Readonly<Partial<Record<DataChannelMisbehaviour, ChannelRule>>> = {
  'message-repeated': ['must', 'end', '9'],
  'message-flipped-bit': ['must', 'no-crash', '8.5', UNANSWERED],
  'message-emptied': ['must', 'no-crash', '16.4', UNANSWERED],
  'length-huge': ['must', 'no-crash', '16.4', LEFT],
  'length-huge-later': ['must', 'no-crash', '16.4', LEFT],
  'length-beyond-limit-later': ['should', 'no-crash', '16.4', LEFT],
}

const OF_CATALOGUE: readonly ChannelCase[] = rulesOf(RULES).map(([how, [level, ending, section, also]]) => ({
  name: `channel-${how}`,
  about: `meets a client over a data channel that ${DATA_CHANNEL_MISBEHAVIOURS[how]}`,
  ...{ level, ending, section },
  ...(also && { expected: also[0], checks: [also[1]] }),
  registers: 'does not register',
  way: { delivery: misbehaving(how) },
}))

async function meet(scene: Scene, each: ChannelCase): Promise<CaseFinding> {
  const { registers = 'registers', ending = 'result', behaviour = OVER_BLE, checks = [], code } = each
  const radio = await ClientRadio.open(scene, each.way ?? {})
  const tunnelUrl = each.isOffline === true ? (await unaskedServiceFor(scene)).url : undefined
  const seen = await meetClient(scene, { registers, ending, behaviour, code, radio, tunnelUrl })
  if (!seen.finding.passed) return seen.finding
  if (behaviour.dataChannel === 'ble' && !radio.isMet) return failed('no channel was taken')
  const wrong = checks.map(check => check(seen)).find(fault => fault !== undefined)
  return wrong === undefined ? seen.finding : failed(wrong)
}

function channelCase(each: ChannelCase): ConformCase {
  const { name, about, section, level = 'must', registers = 'registers', ending = 'result' } = each
  const also = each.expected === undefined ? [] : [each.expected]
  const expected = [...also, `the phone ${registers}`, ENDINGS[ending]].join('; ')
  return { name, about, section, level, expected, run: scene => meet(scene, each) }
}

/** What phones with data channels of Bluetooth are tried with. */
export const CHANNELS_TO_PHONES: readonly ConformCase[] = [...OWN, ...OF_CATALOGUE].map(channelCase)
