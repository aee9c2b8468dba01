import { PassThrough } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { Environment } from '../../src/cli/doctor/environment.js'
import type { OnSignal } from '../../src/cli/interrupt.js'
import type { Surroundings, TextSink } from '../../src/cli/surroundings.js'
import { runCli } from '../../src/cli/main.js'
import { nodePlatform } from '../../src/node.js'
import { playedEnvironment } from './played-environment.js'

/** What a run in this process came to. */
export interface CliRun {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** What a run in this process has around it; nothing on stdin unless given. */
export interface RunOptions {
  readonly stdin?: PassThrough & { isTTY?: boolean }
  readonly env?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  readonly onHangUp?: OnSignal
  readonly onNextSignal?: OnSignal
  /** Hears stdout while it runs. */
  readonly onStdout?: (text: string) => void
  /** What people read, instead of the text that the run returns. */
  readonly screen?: TextSink
  /** Has stdout on that screen, too. */
  readonly resultsOnScreen?: boolean
  /** The machine that doctor sees; a Linux with an adapter that is on unless given. */
  readonly environment?: Environment
  readonly platform?: Surroundings['platform']
}

/** No signal comes. */
const never: OnSignal = () => () => undefined

/** Runs the command line in this process, to its end. */
export async function runHere(args: readonly string[], options: RunOptions = {}): Promise<CliRun> {
  const { stdin = new PassThrough().end(), env = {}, signal = new AbortController().signal } = options
  const {
    environment = playedEnvironment(),
    onHangUp = never,
    onNextSignal = never,
    platform = nodePlatform,
  } = options
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const heard = { stdout: '', stderr: '' }
  stdout.on('data', (chunk: Buffer) => {
    heard.stdout += chunk.toString()
    options.onStdout?.(heard.stdout)
  })
  stderr.on('data', (chunk: Buffer) => (heard.stderr += chunk.toString()))
  const code = await runCli(args, {
    stdin,
    stdout: options.resultsOnScreen === true ? (options.screen ?? stdout) : stdout,
    stderr: options.screen ?? stderr,
    env,
    signal,
    onHangUp,
    onNextSignal,
    environment,
    platform,
    version: '1.2.3',
  })
  // Streams hand over what was written in a later turn.
  await Promise.all([stdout, stderr].map(stream => finished(stream.end())))
  return { code, ...heard }
}

/** The events of a run with `--json`. */
export function eventsOf({ stdout }: CliRun): readonly Readonly<Record<string, unknown>>[] {
  const lines = stdout.split('\n').slice(0, -1)
  return lines.map(line => JSON.parse(line) as Readonly<Record<string, unknown>>)
}
