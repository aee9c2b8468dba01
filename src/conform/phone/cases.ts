import { systemClock, systemRandom } from '../../adapters/system/system.js'
import { MemoryTunnelService } from '../../testing/memory-tunnel-service.js'
import { CLIENT_MISBEHAVIOURS } from '../../testing/misbehaving/catalogue.js'
import type { ClientMisbehaviour } from '../../testing/misbehaving/catalogue.js'
import { CLIENT_BEHAVIOURS } from '../../testing/misbehaving/client-behaviours.js'
import type { ClientBehaviour } from '../../testing/misbehaving/client.js'
import { SERVICE_MISBEHAVIOURS } from '../../testing/misbehaving/service-catalogue.js'
import type { ServiceMisbehaviour } from '../../testing/misbehaving/service-catalogue.js'
import { misbehavingTunnelService } from '../../testing/misbehaving/tunnel-service.js'
import { failed } from '../case.js'
import type { ConformCase, CaseFinding, Level } from '../case.js'
import { ENDINGS, rulesOf } from '../judgement.js'
import type { CaseEnding, Rule } from '../judgement.js'
import type { Scene } from '../scene.js'
import { SERVICE_RULES } from '../service-rules.js'
import * as side from '../side-checks.js'
import { CHANNELS_TO_PHONES } from './channel-cases.js'
import { CLIENT_RULES } from './client-rules.js'
import type { PhoneRule } from './client-rules.js'
import { BAD_CODES, GOOD_CODES } from './codes.js'
import type { CodeVariant } from './codes.js'
import * as conduct from './conduct.js'
import type { PhoneCheck } from './conduct.js'
import { LINKS_TO_PHONES } from './link-cases.js'
import { meetClient } from './phone-scene.js'
import type { Registers } from './phone-scene.js'

const DECENT: ClientBehaviour = { acts: {} }
const CODE_SECTION = '3.2'

const expectedOf = (registers: Registers, ending: CaseEnding): string =>
  [...(registers === undefined ? [] : [`the phone ${registers}`]), ENDINGS[ending]].join('; ')

/** What a decent client finds in a phone: name, what the phone does, section, level, checks. */
type Trait = readonly [
  name: string,
  about: string,
  section: string,
  level: Level,
  ...checks: readonly PhoneCheck[],
]

const TRAITS: readonly Trait[] = [
  ['register', 'registers a passkey', '2.1', 'must'],
  ['advert', 'advertises 20 bytes or more', '5.1', 'must', conduct.advertisesWhole],
  ['advert-once', 'advertises one plaintext for one code', '5.3', 'should', conduct.advertisesOnce],
  ['handshake-size', 'sends a message 2 of 81 bytes', '8.3', 'must', side.shakesHandsIn81],
  ['introduction', 'introduces itself with ctap and getInfo', '10.1', 'must', conduct.introducesItself],
  ['counters', 'seals each frame under the counter of its turn', '9', 'must', side.opensAll],
  ['padding', 'pads to a multiple of 32 bytes', '9', 'should', side.padsToBlocks],
  ['padding-zeros', 'pads with zeros', '9', 'should', side.padsWithZeros],
  ['answer-once', 'answers a request once', '15.4', 'must', conduct.answersOnce],
  ['answer-rp', 'answers for the relying party that was named', '15.3', 'must', conduct.answersForRp],
  ['answer-user', 'verifies its user and says so', '15.3', 'must', conduct.verifiesUser],
  ['answer-key', 'makes a key of an algorithm that was asked for', '15.3', 'must', conduct.makesKey],
]

function traitCase([name, about, section, level, ...checks]: Trait): ConformCase {
  const [registers, ending] = ['registers', 'result'] as const
  return {
    ...{ name, about, section, level, expected: `${expectedOf(registers, ending)}; the phone ${about}` },
    run: async scene => {
      const seen = await meetClient(scene, { registers, ending, behaviour: DECENT })
      if (!seen.finding.passed) return seen.finding
      const wrong = checks.map(check => check(seen)).find(fault => fault !== undefined)
      return wrong === undefined ? seen.finding : failed(wrong)
    },
  }
}

function clientCase(how: ClientMisbehaviour, [registers, level, ending, section]: PhoneRule): ConformCase {
  const about = `meets a client that ${CLIENT_MISBEHAVIOURS[how]}`
  const behaviour = CLIENT_BEHAVIOURS[how]
  return {
    ...{ name: how, about, section, level, expected: expectedOf(registers, ending) },
    run: async scene => {
      const { finding, side: seen } = await meetClient(scene, { registers, ending, behaviour })
      const isAnswered = seen.handshake !== undefined || seen.fault !== undefined
      const isWrong = finding.passed && isAnswered && HANDSHAKE_FAULT.test(how)
      return isWrong ? failed('an answer to a message 1 that has to be refused') : finding
    },
  }
}

/** Whose message 1 is to be refused. */
const HANDSHAKE_FAULT = /^(?:wrong-psk|message-1-(?!repeated).*)$/

function codeCase(
  name: string,
  [does, code]: CodeVariant,
  [registers, level, ending]: readonly [Registers, Level, CaseEnding],
): ConformCase {
  return {
    name: `code-${name}`,
    about: `reads a QR code that ${does}`,
    section: CODE_SECTION,
    level,
    expected: expectedOf(registers, ending),
    run: async scene => (await meetClient(scene, { registers, ending, behaviour: DECENT, code })).finding,
  }
}

function serviceCase(how: ServiceMisbehaviour, [level, ending, section]: Rule): ConformCase {
  const wanted: CaseEnding = ending === 'no-result' ? 'no-crash' : ending
  const about = `dials a tunnel service that ${SERVICE_MISBEHAVIOURS[how]}`
  return {
    ...{ name: `service-${how}`, about, section, level, expected: ENDINGS[wanted] },
    run: scene => meetAtService(scene, how, wanted),
  }
}

async function meetAtService(
  scene: Scene,
  how: ServiceMisbehaviour,
  ending: CaseEnding,
): Promise<CaseFinding> {
  const service = await misbehavingTunnelService(how)
  scene.defer(() => service.close())
  const dialer = new MemoryTunnelService(systemClock, systemRandom)
  const meeting = { ending, behaviour: DECENT, tunnelUrl: service.url, dialer }
  return (await meetClient(scene, { registers: undefined, ...meeting })).finding
}

/** What only phones read in the answer of a tunnel service. */
const ROUTING_RULES: Readonly<Partial<Record<ServiceMisbehaviour, Rule>>> = {
  'routing-missing': ['must', 'error', '7.2'],
  'routing-empty': ['must', 'error', '7.2'],
  'routing-short': ['must', 'error', '7.2'],
  'routing-long': ['must', 'error', '7.2'],
  'routing-not-hex': ['must', 'error', '7.2'],
  'routing-doubled': ['should', 'error', '7.2'],
}

/** All that is tried with a phone. */
export const PHONE_CASES: readonly ConformCase[] = [
  ...TRAITS.map(traitCase),
  ...Object.entries(GOOD_CODES).map(([name, code]) =>
    codeCase(name, code, ['registers', 'should', 'result']),
  ),
  ...Object.entries(BAD_CODES).map(([name, code]) =>
    codeCase(name, code, ['does not register', 'must', 'error']),
  ),
  ...CHANNELS_TO_PHONES,
  ...LINKS_TO_PHONES,
  ...rulesOf(CLIENT_RULES).map(([how, rule]) => clientCase(how, rule)),
  ...rulesOf({ ...SERVICE_RULES, ...ROUTING_RULES }).map(([how, rule]) => serviceCase(how, rule)),
]
