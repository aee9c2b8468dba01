import { readFile, stat, writeFile } from 'node:fs/promises'
import { looksLikeTrace, readTrace } from '../../trace/read-trace.js'
import type { ReadRun } from '../../trace/read-trace.js'
import { looksLikeRecording } from '../../trace/replay.js'
import { TRACE_MAX_BYTES } from '../../trace/create-trace.js'
import { badUsage } from '../failure.js'
import type { Invocation } from '../invocation.js'
import { createColors } from '../text/colors.js'
import { diagnosisOf, runFailure } from './trace-diagnosis.js'
import { tracePage } from './trace-page.js'
import { storyOf } from './trace-stages.js'
import { traceText } from './trace-text.js'

/** Explains the trace in a file, to people, to programs, or as a page. @throws CommandLineError; DecodeError `json-malformed`. */
export async function inspectTrace(
  path: string,
  { options, output, surroundings }: Invocation,
): Promise<void> {
  const runs = readTrace(await textOf(path))
  const page = options.text('html')
  if (page !== undefined) await writePage(page, tracePage(runs))
  output.event({
    event: 'inspected',
    kind: 'trace',
    about: 'trace of ceremonies',
    members: { runs: runs.map(runMembers) },
  })
  const { stdout, env } = surroundings
  const colors = createColors(stdout.isTTY === true && (env['NO_COLOR'] ?? '') === '')
  if (page === undefined) output.result(traceText(runs, colors))
}

async function textOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined)
  if (found?.isFile() !== true)
    throw badUsage(`${path} is neither FIDO:/ and digits, nor hex, nor a file with a trace`)
  if (found.size > TRACE_MAX_BYTES)
    throw badUsage(`${path} has more than the ${TRACE_MAX_BYTES} bytes of a trace`)
  const text = await readFile(path, 'utf8')
  if (looksLikeRecording(text)) throw badUsage(`${path} is a recording, with secrets: "replay" plays it`)
  if (!looksLikeTrace(text)) throw badUsage(`${path} is no trace`)
  return text
}

async function writePage(path: string, page: string): Promise<void> {
  try {
    await writeFile(path, page)
  } catch (cause) {
    throw badUsage(`--html: cannot write ${path}`, { cause })
  }
}

function runMembers(run: ReadRun): object {
  const stories = run.sessions.map(storyOf)
  const { about, isFull, failure } = run
  return {
    about,
    isFull,
    failure,
    diagnosis: runFailure(run, stories),
    sessions: stories.map(story => {
      const { session, stages, broke, isOver } = story
      return { ...session, stages, broke, isOver, diagnosis: diagnosisOf(story) }
    }),
  }
}
