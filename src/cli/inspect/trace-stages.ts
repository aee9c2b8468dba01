import type { ProgressEvent } from '../../driver/progress.js'
import type { Stage } from '../../errors.js'
import type { ReadSession, SessionEvent } from '../../trace/read-trace.js'
import type { TracedError } from '../../trace/records.js'

type Word = ProgressEvent['event']

/** What a role goes through, in the order of a QR-initiated transaction. */
interface StageTimes {
  /** A stable word for programs. */
  readonly stage: Stage | 'radio' | 'channel' | 'goodbye'
  /** For people. */
  readonly about: string
  /** The steps that begin and end it; without a beginning, or one that came, it begins with the session. */
  readonly from?: Word
  readonly to: Word
}

const CLIENT_STAGES: readonly StageTimes[] = [
  { stage: 'radio', about: 'the radio starts', to: 'scanning' },
  { stage: 'advert', about: 'the phone is waited for', from: 'scanning', to: 'advert-seen' },
  { stage: 'channel', about: 'the data channel opens', from: 'channel-connecting', to: 'channel-connected' },
  { stage: 'tunnel', about: 'the tunnel opens', from: 'tunnel-connecting', to: 'tunnel-connected' },
  { stage: 'handshake', about: 'keys are agreed on', from: 'handshake', to: 'connected' },
  { stage: 'request', about: 'the request is made', from: 'connected', to: 'request-sent' },
  { stage: 'response', about: 'the phone’s user answers', from: 'request-sent', to: 'response' },
  { stage: 'goodbye', about: 'goodbye', from: 'response', to: 'closed' },
]

const PHONE_STAGES: readonly StageTimes[] = [
  { stage: 'tunnel', about: 'the tunnel opens', from: 'tunnel-connecting', to: 'tunnel-connected' },
  { stage: 'radio', about: 'the radio starts', from: 'tunnel-connected', to: 'advertising' },
  { stage: 'advert', about: 'the laptop is waited for', from: 'advertising', to: 'handshake' },
  { stage: 'handshake', about: 'keys are agreed on', from: 'handshake', to: 'connected' },
  { stage: 'request', about: 'a request is waited for', from: 'connected', to: 'request-received' },
  { stage: 'response', about: 'this phone’s user answers', from: 'request-received', to: 'response' },
  { stage: 'goodbye', about: 'the goodbye is waited for', from: 'response', to: 'closed' },
]

/** One stage that a session came to. */
export interface SeenStage extends Pick<StageTimes, 'stage' | 'about'> {
  readonly startMs: number
  /** Undefined where it was never done. */
  readonly endMs: number | undefined
}

/** What a trace says of one session. */
export interface SessionStory {
  readonly session: ReadSession
  readonly stages: readonly SeenStage[]
  readonly untilMs: number
  /** Where it broke; undefined after a success. */
  readonly broke: SeenStage['stage'] | undefined
  /** Whether the session came to its end; else the program was killed, or still runs. */
  readonly isOver: boolean
  readonly errors: readonly TracedError[]
}

/** Puts the events of a session into stages. */
export function storyOf(session: ReadSession): SessionStory {
  const { events, role } = session
  const untilMs = events.at(-1)?.ms ?? 0
  const end = events.find(event => event.type === 'end')
  const errors = end?.errors ?? []
  const times = role === 'client' ? CLIENT_STAGES : PHONE_STAGES
  const stages = times.flatMap(stage => seen(stage, events, end?.ms))
  const broke = end !== undefined && errors.length === 0 ? undefined : brokenStage(stages, errors)
  return { session, stages, untilMs, broke, isOver: end !== undefined, errors }
}

function seen(
  { stage, about, from, to }: StageTimes,
  events: readonly SessionEvent[],
  overMs: number | undefined,
): readonly SeenStage[] {
  const endMs = momentOf(to, events)
  // A session that fails is closed as well, without a goodbye.
  const isBegun = endMs !== undefined && to !== 'closed'
  const startMs = from === undefined ? 0 : (momentOf(from, events) ?? (isBegun ? 0 : undefined))
  if (startMs === undefined) return []
  // A session that fails is also closed.
  const isDone = endMs !== undefined && (overMs === undefined || to === 'closed' || endMs <= overMs)
  return [{ stage, about, startMs, endMs: isDone ? endMs : undefined }]
}

function momentOf(word: Word, events: readonly SessionEvent[]): number | undefined {
  return events.find(event => event.type === 'step' && event.event === word)?.ms
}

/**
 * The stage that the error names, or else the last one that was begun: after a data channel that did not open the
 * tunnel may have been used.
 */
function brokenStage(
  stages: readonly SeenStage[],
  errors: readonly TracedError[],
): SeenStage['stage'] | undefined {
  const told = errors.find(({ stage }) => stage !== undefined)?.stage
  return told ?? stages.findLast(({ endMs }) => endMs === undefined)?.stage ?? stages.at(-1)?.stage
}
