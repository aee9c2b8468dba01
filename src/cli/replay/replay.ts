import { readFile, stat } from 'node:fs/promises'
import { RECORDING_MAX_LENGTH, replay } from '../../trace/replay.js'
import type { ReplayedSession } from '../../trace/replay.js'
import { badUsage, EXIT, ToldEnd } from '../failure.js'
import type { AddCommands, Invocation } from '../invocation.js'
import { oneLine, printable } from '../text/printable.js'

const EXAMPLES = `
Makes each session of the recording again, with the keys that are in it, gives it the inputs at their times, and compares its outputs
with the recorded ones. Nothing is sent, and no radio is used.
Exit code 0 where all is as recorded, 1 where a session departs. With --json: {"event":"replayed","sessions":[{"role":…,"kind":…,
"steps":…,"departure":{"line":…,"expected":…,"actual":…}}]}.

Examples:
  fido-hybrid client login --options options.json --origin https://login.example.com --trace-secrets laptop.jsonl
  fido-hybrid replay laptop.jsonl`

/** The command that plays a recording again. */
export const addReplayCommand: AddCommands = (command, bind) => {
  command.argument('<file>', 'what --trace-secrets made').addHelpText('after', EXAMPLES)
  bind(command, replayFile)
}

async function replayFile({ operands: [path = ''], output, surroundings }: Invocation): Promise<void> {
  const { crypto } = surroundings.platform({})
  const sessions = replay(await textOf(path), crypto)
  output.event({ event: 'replayed', sessions })
  output.result(sessions.map(sessionText).join('\n'))
  if (sessions.some(({ departure }) => departure !== undefined)) throw new ToldEnd(EXIT.failed)
}

async function textOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined)
  if (found?.isFile() !== true) throw badUsage(`there is no file ${path}`)
  if (found.size > RECORDING_MAX_LENGTH)
    throw badUsage(`${path} has more than the ${RECORDING_MAX_LENGTH} bytes of a recording`)
  return await readFile(path, 'utf8')
}

function sessionText({ role, kind, steps, departure }: ReplayedSession): string {
  const name = `${role}, ${kind}, ${steps} steps`
  if (departure === undefined) return `${name}: as recorded`
  const { line, expected, actual } = departure
  const from = firstDifference(expected, actual)
  return [
    `${name}: departs at line ${line}, at letter ${from} of what it wants done`,
    `  recorded: ${partFrom(expected, from)}`,
    `  now:      ${partFrom(actual, from)}`,
  ].join('\n')
}

/** How many letters before the difference are also shown. */
const BEFORE = 24

function partFrom(text: string, from: number): string {
  return printable(oneLine(text.slice(Math.max(0, from - BEFORE))))
}

function firstDifference(one: string, other: string): number {
  let index = 0
  while (index < one.length && one[index] === other[index]) index += 1
  return index
}
