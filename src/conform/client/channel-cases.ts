import { decodeHex } from '../../bytes/hex.js'
import { DATA_CHANNEL_MISBEHAVIOURS } from '../../testing/misbehaving/catalogue.js'
import type { DataChannelMisbehaviour } from '../../testing/misbehaving/catalogue.js'
import { PHONE_BEHAVIOURS } from '../../testing/misbehaving/phone-behaviours.js'
import type { PhoneBehaviour } from '../../testing/misbehaving/phone.js'
import { failed } from '../case.js'
import type { CaseFinding, ConformCase, Level } from '../case.js'
import { inOrder, inPieces, joined, misbehaving } from '../channel-ends.js'
import type { Delivery } from '../channel-ends.js'
import { ENDINGS, rulesOf } from '../judgement.js'
import type { CaseEnding } from '../judgement.js'
import type { Scene } from '../scene.js'
import { unaskedServiceFor } from '../scene-parts.js'
import { registration } from './ceremony.js'
import { LENGTH_RULES, LOST_RULES, SPOILT_RULES, UNOPENED_RULES } from './channel-rules.js'
import { meetPhone } from './client-scene.js'
import * as conduct from './conduct.js'
import type { ClientCheck } from './conduct.js'
import { advertising, SUFFIX, SUFFIX_PSM } from './decent-phones.js'
import { PhoneRadio } from './phone-radio.js'
import { phoneWith } from './phones.js'

/** A registration of a client that has data channels, with a phone that takes one and has no tunnel. */
interface ChannelCase {
  readonly name: string
  readonly about: string
  readonly section: string
  readonly level?: Level
  readonly ending?: CaseEnding
  /** Beside the ending. */
  readonly expected?: string
  readonly delivery?: Delivery
  readonly behaviour?: PhoneBehaviour
  /** The phone has a tunnel, and takes no channel. */
  readonly hasTunnel?: boolean
  /** No tunnel service is to be asked for anything. */
  readonly isAlone?: boolean
  /** What is to be dialled first; undefined for nothing. */
  readonly dials?: { readonly psm: number | undefined }
  readonly checks?: readonly ClientCheck[]
}

const OWN: readonly ChannelCase[] = [
  {
    name: 'channel-code',
    about: 'offers tunnel and Bluetooth in its QR code, in this order',
    section: '16.2',
    expected: 'key 6 is [0, 1]',
    checks: [conduct.offersBothChannels],
  },
  {
    name: 'channel-register',
    about: 'registers over a data channel',
    section: '16.1',
  },
  {
    name: 'channel-alone',
    about: 'registers over a data channel, and asks no tunnel service for anything before or meanwhile',
    section: '16.1',
    expected: 'no connection to the tunnel service',
    isAlone: true,
  },
  {
    name: 'channel-goodbye',
    about: 'says shutdown after the answer, over a data channel',
    section: '16.5',
    level: 'should',
    expected: 'the last message is a shutdown',
    checks: [conduct.saysGoodbye],
  },
  {
    name: 'channel-pieces',
    about: 'registers over a data channel that delivers the length of each message byte by byte',
    section: '16.4',
    delivery: inPieces,
  },
  {
    name: 'channel-joined',
    about: 'registers over a data channel that delivers two messages in one piece',
    section: '16.4',
    delivery: joined,
  },
  {
    name: 'channel-hang-up-at-request',
    about: 'registers with a phone that closes the data channel on a request',
    section: '11',
    ending: 'error',
    behaviour: PHONE_BEHAVIOURS['hang-up-at-request'],
  },
]

/** Suffixes of adverts in hex, and the PSM that a client dials (protocol.md 16.6). */
const SUFFIXES: readonly (readonly [
  name: string,
  suffix: string,
  psm: number | undefined,
  does: string,
  level?: Level,
])[] = [
  ['psm-130', 'a1011882', 130, 'names PSM 130'],
  ['psm-23', 'a10117', 23, 'names PSM 23, which systems do not give out by themselves'],
  ['psm-255', 'a10118ff', 255, 'names PSM 255, the last one of Bluetooth LE'],
  ['key-behind', 'a2011882024100', 130, 'has an unknown key behind that of the PSM', 'should'],
  ['key-before', 'a20040011882', 130, 'has an unknown key before that of the PSM', 'should'],
  ['psm-256', 'a101190100', undefined, 'names PSM 256, which Bluetooth LE does not have'],
  ['psm-0', 'a10100', undefined, 'names PSM 0'],
  ['without-psm', 'a0', undefined, 'names no PSM'],
  ['trailing-byte', 'a1011882ff', undefined, 'goes on behind its end'],
  ['cut', 'a101', undefined, 'is cut'],
  ['no-cbor', 'ff', undefined, 'is not CBOR'],
]

/** The channel itself is refused: another case is about what comes then. */
const OF_SUFFIXES: readonly ChannelCase[] = SUFFIXES.map(([name, suffix, psm, does, level = 'must']) => ({
  name: `channel-suffix-${name}`,
  about: `hears an advert whose suffix ${does}`,
  section: '5.4',
  level,
  ...(psm === undefined
    ? ({ ending: 'result', expected: 'no PSM is dialled' } as const)
    : ({ ending: 'end', expected: `PSM ${psm} is dialled` } as const)),
  delivery: misbehaving('refuses'),
  behaviour: advertising(decodeHex(suffix)),
  hasTunnel: true,
  dials: { psm },
}))

const spoilt = (how: DataChannelMisbehaviour): Pick<ChannelCase, 'name' | 'about' | 'delivery'> => ({
  name: `channel-${how}`,
  about: `registers over a data channel that ${DATA_CHANNEL_MISBEHAVIOURS[how]}`,
  delivery: misbehaving(how),
})

const OF_CATALOGUE: readonly ChannelCase[] = [
  ...rulesOf(UNOPENED_RULES).map(([how, [level, ending, section]]) => ({
    ...spoilt(how),
    ...{ level, ending, section },
    about: `registers through the tunnel when the data channel ${DATA_CHANNEL_MISBEHAVIOURS[how]}`,
    expected: `PSM ${SUFFIX_PSM} is dialled`,
    behaviour: advertising(SUFFIX),
    hasTunnel: true,
    dials: { psm: SUFFIX_PSM },
  })),
  ...rulesOf(LOST_RULES).map(([how, [level, ending, section]]) => ({
    ...spoilt(how),
    ...{ level, ending, section },
    expected: 'no connection to the tunnel service',
    isAlone: true,
  })),
  ...rulesOf(SPOILT_RULES).map(([how, [level, ending, section]]) => ({
    ...spoilt(how),
    ...{ level, ending, section },
  })),
  ...rulesOf(LENGTH_RULES).map(([how, [level, ending, section]]) => ({
    ...spoilt(how),
    ...{ level, ending, section },
    expected: 'the channel is left',
    checks: [conduct.leavesChannel],
  })),
]

const DECENT: PhoneBehaviour = { acts: {} }

async function meet(scene: Scene, each: ChannelCase): Promise<CaseFinding> {
  const { ending = 'result', behaviour = DECENT, hasTunnel = false, checks = [], dials } = each
  const radio = await PhoneRadio.open(scene, each.delivery ?? inOrder)
  const unasked = hasTunnel ? undefined : await unaskedServiceFor(scene)
  const ceremony = registration()
  const seen = await meetPhone(scene, {
    ...{ ceremony, ending, radio, handler: phoneWith(), tunnelUrl: unasked?.url },
    behaviour: { ...behaviour, dataChannel: hasTunnel ? 'tunnel' : 'ble' },
  })
  if (!seen.finding.passed) return seen.finding
  const [psm] = radio.dialled
  if (!hasTunnel && psm === undefined) return failed('no channel was dialled')
  if (dials !== undefined && dials.psm !== psm) return failed(`PSM dialled: ${psm ?? 'none'}`)
  const connections = each.isAlone === true ? (unasked?.connections ?? 0) : 0
  if (connections > 0) return failed(`${connections} connections to the tunnel service`)
  const wrong = checks.map(check => check(seen, ceremony)).find(fault => fault !== undefined)
  return wrong === undefined ? seen.finding : failed(wrong)
}

function channelCase(each: ChannelCase): ConformCase {
  const { name, about, section, level = 'must', ending = 'result' } = each
  const expected = [...(each.expected === undefined ? [] : [each.expected]), ENDINGS[ending]].join('; ')
  return { name, about, section, level, expected, run: scene => meet(scene, each) }
}

/** What clients with data channels of Bluetooth are tried with. */
export const CHANNELS_TO_CLIENTS: readonly ConformCase[] = [...OWN, ...OF_SUFFIXES, ...OF_CATALOGUE].map(
  channelCase,
)
