import { setTimeout as sleep } from 'node:timers/promises'
import { PassThrough } from 'node:stream'
import type { Surroundings } from '../../src/cli/surroundings.js'
import { runHere } from './run-cli.js'
import type { CliRun } from './run-cli.js'
import { readFromScreen, TestTerminal } from './test-terminal.js'

/** When the person is asked something. */
interface Question {
  /** The step that is gone through; empty before the first. */
  readonly step: string
  /** The row with the question. */
  readonly text: string
  /** All that is on the screen. */
  readonly screen: string
}

type Answer = string | undefined | null

/** A person with a phone, who is led through a trial. */
export interface TrialPerson {
  /** The line that answers a question; Enter alone unless given, and `null` for none at all. */
  readonly answer?: (question: Question) => Answer | Promise<Answer>
  /** Is handed each code that is on the screen. */
  readonly scan?: (code: string, step: string) => unknown
  /** What the terminal sends meanwhile, such as Enter. */
  readonly stdin?: PassThrough
  readonly signal?: AbortSignal
  /** What the command’s radio is, in place of this machine’s. */
  readonly platform?: Surroundings['platform']
}

/** What the person went through. */
export interface PlayedTrial extends CliRun {
  /** All that was on the screen when something was asked. */
  readonly screens: readonly string[]
}

const QUESTION = /(?:\]:?|(?:goes on|quits):) ?$/
const PATIENCE_MS = 3

/** Runs `fido-hybrid trial` with a person at a terminal of 80 × 24. Events of `--json` say which step it is. */
export async function playTrial(args: readonly string[], person: TrialPerson): Promise<PlayedTrial> {
  const terminal = new TestTerminal(80, 24)
  const { answer = () => undefined, scan = () => undefined, signal, platform } = person
  const stdin = Object.assign(person.stdin ?? new PassThrough(), { isTTY: true })
  const seen = { step: '', codes: 0, scanned: 0, isOver: false }
  const onStdout = (text: string): void => {
    seen.step = Array.from(text.matchAll(/"event":"step","step":"([\w-]+)"/g)).at(-1)?.[1] ?? ''
    seen.codes = text.split('"event":"qr"').length - 1
  }
  const around = {
    stdin,
    screen: terminal,
    onStdout,
    env: { NO_COLOR: '1' },
    ...(signal && { signal }),
    ...(platform && { platform }),
  }
  const running = runHere(['trial', '--json', ...args], around).finally(() => (seen.isOver = true))
  const screens: string[] = []
  let answered = -1
  while (!seen.isOver) {
    const { screen, row, text } = await terminal.withCursor()
    const [code] = seen.codes > seen.scanned ? readFromScreen(screen) : []
    if (code !== undefined) {
      seen.scanned = seen.codes
      scan(code, seen.step)
    }
    if (row !== answered && QUESTION.test(text)) {
      answered = row
      screens.push(screen.join('\n'))
      const line = await answer({ step: seen.step, text, screen: screen.join('\n') })
      if (line !== null) stdin.write(`${line ?? ''}\n`)
    }
    await sleep(PATIENCE_MS)
  }
  return { ...(await running), screens }
}
