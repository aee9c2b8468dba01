import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { copyFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'tsup'
import type { Options } from 'tsup'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { removeFolder } from './temporary-folder.js'

/** One line of JSON from the program. */
export type CliEvent = Readonly<Record<string, unknown>> & { readonly event: string }

/** What is left of a process. */
interface CliEnd {
  /** Null when a signal killed it. */
  readonly code: number | null
  readonly events: readonly CliEvent[]
  readonly stderr: string
}

/** A running `fido-hybrid … --json`. */
export interface CliProcess {
  readonly stdin: ChildProcessWithoutNullStreams['stdin']
  /** The next event of this name; those before it are passed over. Fails when the process ends without it. */
  event(name: string): Promise<CliEvent>
  send(signal: NodeJS.Signals): void
  /** Reads its stdout no more. */
  turnAway(): void
  readonly end: Promise<CliEnd>
}

/** Starts the built program, always with `--json`. */
export type StartCli = (...args: readonly string[]) => CliProcess

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Call it at the top of a test file: builds the program, and ends after each test what is still running. */
export function useCli(): StartCli {
  const folder = `${root}node_modules/.cache/fido-hybrid-cli-${process.pid}`
  const running = new Set<CliProcess>()
  beforeAll(() => buildCli(folder))
  afterEach(async () => {
    for (const child of running) child.send('SIGKILL')
    await Promise.all([...running].map(child => child.end))
    running.clear()
  })
  afterAll(() => removeFolder(folder))
  return (...args) => {
    const child = startProcess([cliIn(folder), ...args, '--json'])
    running.add(child)
    return child
  }
}

/** The program that `buildCli` builds. */
export function cliIn(folder: string): string {
  return `${folder}/dist/cli.js`
}

/** As the package’s own build does, without types and maps; the folder has to be in the project, to find its packages. */
export async function buildCli(folder: string, own: Options = {}): Promise<void> {
  await build({
    config: false,
    silent: true,
    entry: { cli: `${root}src/cli.ts` },
    outDir: `${folder}/dist`,
    format: 'esm',
    target: 'es2023',
    platform: 'node',
    splitting: true,
    treeshake: true,
    ...own,
  })
  await copyFile(`${root}package.json`, `${folder}/package.json`)
}

function startProcess(args: readonly string[]): CliProcess {
  const child = spawn(process.execPath, args, { stdio: 'pipe' })
  const events: CliEvent[] = []
  let [stderr, taken, wake] = ['', 0, (): void => undefined]
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  // A process that ended does not read what a test still writes.
  child.stdin.on('error', () => undefined)
  const lines = createInterface({ input: child.stdout })
  lines.on('line', line => {
    events.push(parseEvent(line))
    wake()
  })
  const end = Promise.all([once(child, 'close'), once(lines, 'close')]).then(([[code]]): CliEnd => {
    wake()
    return { code: typeof code === 'number' ? code : null, events, stderr }
  })
  let ended = false
  void end.then(() => (ended = true))
  return {
    stdin: child.stdin,
    end,
    send: signal => child.kill(signal),
    turnAway: () => {
      child.stdout.destroy()
      lines.close()
    },
    async event(name) {
      for (;;) {
        while (taken < events.length) {
          const event = events[taken++]
          if (event?.event === name) return event
        }
        if (ended) throw new Error(`ended without ${name}: ${JSON.stringify(events.at(-1))}\n${stderr}`)
        await Promise.race([end, new Promise<void>(resolve => (wake = resolve))])
      }
    },
  }
}

function parseEvent(line: string): CliEvent {
  const event: unknown = JSON.parse(line)
  expect(event).toMatchObject({ event: expect.any(String) as string })
  return event as CliEvent
}

/** Waits for the end and expects an error as the last event, which it returns. */
export async function expectFailure(child: CliProcess, code: 1 | 2 | 129 | 130 | 143 = 1): Promise<CliEvent> {
  const end = await child.end
  const last = end.events.at(-1)
  expect({ code: end.code, last: last?.event }).toEqual({ code, last: 'error' })
  expect(last?.['message']).toMatch(/./)
  expect(last?.['cure']).toMatch(/./)
  return last as CliEvent
}
