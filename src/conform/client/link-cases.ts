import { decodedOrUndefined } from '../../bytes/decoded.js'
import { decodeQrUrl } from '../../qr/url.js'
import { PHONE_BEHAVIOURS } from '../../testing/misbehaving/phone-behaviours.js'
import { failed } from '../case.js'
import type { CaseFinding, ConformCase, Level } from '../case.js'
import { LinkStage } from './link-stage.js'

/** What happens on the stage, one step after the other; the first that is wrong ends it. */
type LinkCase = readonly [
  name: string,
  about: string,
  section: string,
  level: Level,
  expected: string,
  ...steps: readonly ((stage: LinkStage) => Promise<CaseFinding>)[],
]

type Step = LinkCase[5]

const remembers: Step = stage => stage.remember()
const calls: Step = stage => stage.callServed()

/** The phone is not in reach. @param count of calls that the service got by then. */
const callsInVain =
  (absence: LinkStage['absence'], count: number): Step =>
  async stage => {
    stage.absence = absence
    const finding = await stage.call('error')
    if (!finding.passed || stage.calls === count) return finding
    return failed(`${stage.calls} calls instead of ${count}`)
  }

const asksForLink: Step = async stage => {
  const finding = await stage.remember()
  const code = decodedOrUndefined(() => decodeQrUrl(stage.qrUrl ?? ''))
  return finding.passed && code?.supportsLinking !== true
    ? failed('key 4 of the QR code is not true')
    : finding
}

const CASES: readonly LinkCase[] = [
  [
    'linked-code',
    'says in its QR code that it keeps links',
    '12.1',
    'must',
    'key 4 is true, and RESULT',
    asksForLink,
  ],
  [
    'linked-call',
    'registers with a phone that offers a link, and then signs in by calling that phone, without a QR code',
    '13',
    'must',
    'RESULT twice',
    remembers,
    calls,
  ],
  [
    'linked-forged',
    'registers with a phone whose link has a wrong signature, and keeps no such link',
    '12.1',
    'must',
    'RESULT or ERROR; when it is to call the phone, ERROR, and no tunnel service is asked for it',
    stage => stage.remember(PHONE_BEHAVIOURS['link-forged']),
    callsInVain('gone', 0),
  ],
  [
    'linked-gone',
    'calls a phone that has ended the link (status 410)',
    '13',
    'must',
    'one call, and ERROR',
    remembers,
    callsInVain('gone', 1),
  ],
  [
    'linked-forgotten',
    'forgets a link that the phone has ended (status 410)',
    '13',
    'should',
    'ERROR twice, and one call',
    remembers,
    callsInVain('gone', 1),
    callsInVain('gone', 1),
  ],
  [
    'linked-kept',
    'keeps the link of a phone that is out of reach (status 404), and signs in by calling it later',
    '7.3',
    'should',
    'ERROR, and then RESULT',
    remembers,
    callsInVain('unknown', 1),
    calls,
  ],
]

/** What clients that keep links are tried with. */
export const LINKS_TO_CLIENTS: readonly ConformCase[] = CASES.map(
  ([name, about, section, level, expected, ...steps]) => ({
    ...{ name, about, section, level, expected },
    run: async scene => {
      const stage = await LinkStage.open(scene)
      let finding = failed('nothing was tried')
      for (const step of steps) {
        finding = await step(stage)
        if (!finding.passed) return finding
      }
      return finding
    },
  }),
)
