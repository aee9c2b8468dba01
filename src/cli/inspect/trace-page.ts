import { SECOND_MS } from '../../ports/clock.js'
import type { ReadRun } from '../../trace/read-trace.js'
import { htmlPage } from '../text/html-page.js'
import type { HtmlBlock, HtmlSection } from '../text/html-page.js'
import { diagnosisOf, runFailure } from './trace-diagnosis.js'
import type { Diagnosis } from './trace-diagnosis.js'
import { storyOf } from './trace-stages.js'
import type { SessionStory } from './trace-stages.js'
import { eventText, runTitle, sessionTitle } from './trace-words.js'

/** Runs of a trace as a page of HTML. */
export function tracePage(runs: readonly ReadRun[]): string {
  return htmlPage({
    title: 'Trace of fido-hybrid',
    lead: { text: 'Times, sizes and statuses; no secrets and no names.', tone: 'quiet' },
    sections: runs.flatMap(runSections),
  })
}

function runSections(run: ReadRun, index: number): readonly HtmlSection[] {
  const stories = run.sessions.map(storyOf)
  const failure = runFailure(run, stories)
  return [
    { heading: runTitle(index, run), blocks: failure === undefined ? [] : diagnosisBlocks(failure) },
    ...stories.map(story => ({ heading: sessionTitle(story.session), blocks: storyBlocks(story) })),
  ]
}

function storyBlocks(story: SessionStory): readonly HtmlBlock[] {
  const { stages, untilMs, broke, session } = story
  const diagnosis = diagnosisOf(story)
  const bars = stages.map(({ stage, about, startMs, endMs = untilMs }) => ({
    label: about,
    start: startMs,
    end: endMs,
    note: seconds(endMs - startMs),
    tone: stage === broke ? ('bad' as const) : undefined,
  }))
  const rows = session.events.map(event => [seconds(event.ms), eventText(event)])
  return [
    ...(diagnosis === undefined
      ? [{ paragraph: { text: 'It worked.', tone: 'good' as const } }]
      : diagnosisBlocks(diagnosis)),
    { timeline: { until: untilMs, bars } },
    { summary: 'All that happened', folded: [{ table: { head: ['Time', 'What'], rows } }] },
  ]
}

function diagnosisBlocks({ what, causes, tries }: Diagnosis): readonly HtmlBlock[] {
  const lists = [
    ['Usual causes:', causes],
    ['What to try:', tries],
  ] as const
  return [
    { paragraph: { text: what, tone: 'bad' } },
    ...lists.flatMap(([title, list]) => (list.length === 0 ? [] : [{ paragraph: title }, { list }])),
  ]
}

function seconds(ms: number): string {
  return `${(ms / SECOND_MS).toFixed(2)} s`
}
