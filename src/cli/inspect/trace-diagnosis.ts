import { statusName } from '../../ctap/status.js'
import { CTAP_STATUS_CURES, REFUSAL_CURES } from '../../status-cures.js'
import { entryOf } from '../../trace/error-entry.js'
import type { ReadRun } from '../../trace/read-trace.js'
import type { TracedError } from '../../trace/records.js'
import type { SeenStage, SessionStory } from './trace-stages.js'

/** What went wrong, for people. */
export interface Diagnosis {
  /** What happened, one sentence. */
  readonly what: string
  readonly causes: readonly string[]
  readonly tries: readonly string[]
}

/** What usually lies behind a stage that breaks, and what helps. */
type Lore = Omit<Diagnosis, 'what'>

const LAPTOP_DEAF: Lore = {
  causes: [
    'this machine’s Bluetooth hears nothing: no hybrid advert of any phone came in',
    'the phone’s Bluetooth is off, or the code was never scanned',
  ],
  tries: ['run "fido-hybrid doctor"', 'switch Bluetooth off and on, on both devices'],
}

const OTHERS_HEARD: Lore = {
  causes: [
    'this machine hears phones, but the one that scanned this code was not among them',
    'the phone scanned an older code, or could not reach its tunnel service: it advertises only after that',
  ],
  tries: ['scan the code that is on the screen now', 'check the phone’s own network'],
}

const CLIENT_LORE: Readonly<Record<SeenStage['stage'], Lore>> = {
  radio: {
    causes: ['this machine has no radio that can be used'],
    tries: ['run "fido-hybrid doctor"'],
  },
  advert: LAPTOP_DEAF,
  channel: {
    causes: [
      'the phone went out of reach, or its Bluetooth was busy, such as with music',
      'another program on this machine searched for devices meanwhile',
    ],
    tries: ['keep the phone near and its screen on', 'use the tunnel: leave --data-channel out'],
  },
  tunnel: {
    causes: [
      'this network blocks the tunnel service, or lets only a proxy out',
      'the phone gave up before this machine came',
    ],
    tries: ['try another network, such as the phone’s hotspot', 'with a proxy: --proxy, or HTTPS_PROXY'],
  },
  handshake: {
    causes: [
      'another device answered, or the phone has a code that is older',
      'something between the devices alters what they say',
    ],
    tries: ['show a fresh code and scan that', 'keep other phones with the same code away'],
  },
  request: {
    causes: ['the program took long to ask, or the phone went to sleep'],
    tries: ['start again, and keep the phone’s screen on'],
  },
  response: {
    causes: [
      'the phone’s user refused: phones hang up then, and do not say why',
      'the phone has no passkey for this site, or was locked',
    ],
    tries: ['look at the phone while it asks', 'unlock the phone first'],
  },
  goodbye: {
    causes: ['the phone’s answer did not suit the request, or the program could not use it'],
    tries: ['see the codes above: the cause stands behind the first one'],
  },
}

/** A phone dials no data channel. */
const PHONE_LORE: Readonly<Record<Exclude<SeenStage['stage'], 'channel'>, Lore>> = {
  radio: {
    causes: ['this machine cannot advertise'],
    tries: ['run "fido-hybrid doctor"'],
  },
  advert: {
    causes: [
      'the laptop did not hear the advert: it is out of range, or its Bluetooth is off',
      'the laptop has shown another code since',
    ],
    tries: ['move the devices closer', 'scan the code that the laptop shows now'],
  },
  tunnel: {
    causes: ['this network blocks the tunnel service, or lets only a proxy out'],
    tries: ['try another network', 'with a proxy: --proxy, or HTTPS_PROXY'],
  },
  handshake: {
    causes: ['the laptop has shown another code since, or another program answered'],
    tries: ['scan the code that the laptop shows now'],
  },
  request: {
    causes: ['the laptop’s user or program gave up before it asked'],
    tries: ['start again on the laptop'],
  },
  response: {
    causes: ['the user took longer than the laptop waits, or the laptop went away'],
    tries: ['answer sooner', 'start again on the laptop'],
  },
  goodbye: {
    causes: ['the laptop went away without a goodbye: nobody knows whether it has the answer'],
    tries: ['look at the site: whether the passkey is there'],
  },
}

/** What went wrong in a session, and what to do; undefined after a success. */
export function diagnosisOf(story: SessionStory): Diagnosis | undefined {
  const { broke, isOver, errors } = story
  if (isOver && errors.length === 0) return refusedAnswer(story)
  if (!isOver)
    return { what: 'the trace ends here: the program was killed, or is still at work', causes: [], tries: [] }
  const lore = isStopped(errors) ? { causes: [], tries: [] } : loreOf(story)
  return { what: whatOf(broke, errors), causes: lore.causes, tries: [...cures(errors), ...lore.tries] }
}

/** What a run failed with outside of its sessions; undefined where a session says the same. */
export function runFailure(
  { failure, sessions }: ReadRun,
  stories: readonly SessionStory[],
): Diagnosis | undefined {
  if (failure === undefined) return undefined
  const [first] = failure.errors
  const isTold = stories.some(({ errors }) => errors[0]?.code === first?.code)
  if (sessions.length > 0 && (isTold || first?.code === 'ctap-error')) return undefined
  return {
    what: `the command failed: ${codesText(failure.errors)}`,
    causes: [],
    tries: cures(failure.errors),
  }
}

/** A status other than success is an answer, and ends in peace. */
function refusedAnswer({ session }: SessionStory): Diagnosis | undefined {
  const answer = session.events.findLast(event => event.type === 'answer')
  if (answer?.status === undefined || answer.status === 0) return undefined
  const error: TracedError = { code: 'ctap-error', status: answer.status }
  return { what: `the phone answered ${statusText(answer.status)}`, causes: [], tries: cures([error]) }
}

function isStopped([error]: readonly TracedError[]): boolean {
  return error?.code === 'aborted'
}

function loreOf({ session, broke }: SessionStory): Lore {
  if (broke === undefined) return { causes: [], tries: [] }
  if (session.role === 'authenticator' && broke !== 'channel') return PHONE_LORE[broke]
  const heard = session.events.find(event => event.type === 'end')?.heard ?? 0
  return broke === 'advert' && heard > 0 ? OTHERS_HEARD : CLIENT_LORE[broke]
}

function whatOf(broke: SessionStory['broke'], errors: readonly TracedError[]): string {
  if (isStopped(errors)) return `it was stopped on purpose${broke === undefined ? '' : `, during "${broke}"`}`
  return `it broke during "${broke ?? 'start'}": ${codesText(errors)}`
}

/** Codes with their numbers, the cause behind. */
export function codesText(errors: readonly TracedError[]): string {
  return (
    errors
      .filter(({ code }) => code !== 'other')
      .map(errorText)
      .join(' < ') || 'an error without a code'
  )
}

function errorText({ code, status, closeCode }: TracedError): string {
  const numbers = [
    status === undefined ? [] : [code === 'ctap-error' ? statusText(status) : `HTTP ${status}`],
    closeCode === undefined ? [] : [`close code ${closeCode}`],
  ].flat()
  return numbers.length === 0 ? code : `${code} (${numbers.join(', ')})`
}

/** A CTAP2 status by name and number. */
export function statusText(status: number): string {
  return `${statusName(status)} (0x${status.toString(16).padStart(2, '0')})`
}

const FIRST_SERVER_ERROR = 500

function cures(errors: readonly TracedError[]): readonly string[] {
  return errors.slice(0, 1).flatMap(error => {
    const { code, status } = error
    const [, cure] = entryOf(error) ?? []
    const ofStatus =
      status === undefined
        ? undefined
        : code === 'ctap-error'
          ? CTAP_STATUS_CURES[statusName(status)]
          : REFUSAL_CURES[status >= FIRST_SERVER_ERROR ? '5xx' : status]
    return [ofStatus ?? cure ?? []].flat()
  })
}
