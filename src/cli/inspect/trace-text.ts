import { SECOND_MS } from '../../ports/clock.js'
import type { ReadRun } from '../../trace/read-trace.js'
import type { Colors } from '../text/colors.js'
import { wrapped } from '../text/wrapped.js'
import { diagnosisOf, runFailure } from './trace-diagnosis.js'
import type { Diagnosis } from './trace-diagnosis.js'
import { storyOf } from './trace-stages.js'
import type { SeenStage, SessionStory } from './trace-stages.js'
import { eventText, runTitle, sessionTitle } from './trace-words.js'

const COLUMNS = 80
const NAME_COLUMNS = 27
const TIME_COLUMNS = 10
const BAR_COLUMNS = COLUMNS - NAME_COLUMNS - TIME_COLUMNS - 2

/** All runs for people, the timeline of each session as bars. */
export function traceText(runs: readonly ReadRun[], colors: Colors): string {
  return runs.map((run, index) => runLines(run, index, colors).join('\n')).join('\n\n')
}

function runLines(run: ReadRun, index: number, colors: Colors): readonly string[] {
  const stories = run.sessions.map(storyOf)
  const failure = runFailure(run, stories)
  return [
    ...wrapped(runTitle(index, run), COLUMNS).map(colors.bold),
    ...stories.flatMap(story => ['', ...storyLines(story, colors)]),
    ...(failure === undefined ? [] : ['', ...diagnosisLines(failure, colors)]),
    ...(failure === undefined && stories.length === 0 ? ['', 'nothing happened in it'] : []),
  ]
}

function storyLines(story: SessionStory, colors: Colors): readonly string[] {
  const diagnosis = diagnosisOf(story)
  const { session, stages, broke } = story
  return [
    ...wrapped(sessionTitle(session), COLUMNS),
    ...stages.map(stage => stageLine(stage, story, stage.stage === broke, colors)),
    '',
    ...session.events.flatMap(event => eventLines(event.ms, eventText(event), colors)),
    '',
    ...(diagnosis === undefined ? [colors.green('it worked')] : diagnosisLines(diagnosis, colors)),
  ]
}

function stageLine(
  { about, startMs, endMs }: SeenStage,
  { untilMs }: SessionStory,
  isBroken: boolean,
  colors: Colors,
): string {
  const end = endMs ?? untilMs
  const place = (ms: number): number => Math.round((ms / Math.max(1, untilMs)) * BAR_COLUMNS)
  const before = Math.min(place(startMs), BAR_COLUMNS - 1)
  const length = Math.max(1, place(end) - before)
  const bar = ' '.repeat(before) + (isBroken ? 'x' : '=').repeat(length)
  const paint = isBroken ? colors.red : colors.green
  const line = about.padEnd(NAME_COLUMNS) + paint(bar.padEnd(BAR_COLUMNS)) + timeText(end - startMs)
  return line.trimEnd()
}

function timeText(ms: number): string {
  return `${(ms / SECOND_MS).toFixed(2)} s`.padStart(TIME_COLUMNS)
}

function eventLines(ms: number, text: string, colors: Colors): readonly string[] {
  const [first = '', ...rest] = wrapped(text, COLUMNS - TIME_COLUMNS - 2)
  const indent = ' '.repeat(TIME_COLUMNS + 2)
  return [`${colors.dim(timeText(ms))}  ${first}`, ...rest.map(line => indent + line)]
}

function diagnosisLines({ what, causes, tries }: Diagnosis, { red, bold }: Colors): readonly string[] {
  return [
    ...wrapped(what, COLUMNS).map(red),
    ...listLines(bold('usual causes:'), causes),
    ...listLines(bold('what to try:'), tries),
  ]
}

function listLines(title: string, items: readonly string[]): readonly string[] {
  if (items.length === 0) return []
  const lines = items.flatMap(item =>
    wrapped(item, COLUMNS - 4).map((line, index) => (index === 0 ? `  - ${line}` : `    ${line}`)),
  )
  return [title, ...lines]
}
