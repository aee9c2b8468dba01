import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { parseDriverLine } from './contract.js'
import type { Ability, DriverLine } from './contract.js'
import { onLines } from './lines.js'
import { killGroup } from './process-group.js'
import type { Timeline } from './timeline.js'

/** How a command under test ended. */
export interface CommandEnd {
  /** Its first RESULT or ERROR. */
  readonly said: Extract<DriverLine, { kind: 'result' | 'error' }> | undefined
  /** Undefined while it goes on. */
  readonly exit: { readonly code: number | null; readonly signal: NodeJS.Signals | null } | undefined
}

/** What starts a command: its file, and its arguments. */
export type CommandWords = readonly [file: string, ...args: string[]]

/** Between the request to end and the end, and between the end and that of its outputs, which others may hold: ms. */
const GRACE_MS = 1000
const LINES_MAX = 1000

/** A command under test in a process group of its own, so that what it has started ends with it. */
export class DrivenCommand {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #timeline: Timeline
  readonly #listeners = new Set<(line: DriverLine) => void>()
  readonly #lines: DriverLine[] = []
  readonly #gone: Promise<void>
  #said: CommandEnd['said']
  #exit: CommandEnd['exit']
  #isStopping = false

  constructor(
    [file, ...args]: CommandWords,
    env: Readonly<Record<string, string | undefined>>,
    timeline: Timeline,
  ) {
    this.#timeline = timeline
    this.#child = spawn(file, args, {
      env: { ...process.env, ...env },
      stdio: 'pipe',
      detached: process.platform !== 'win32',
    })
    this.#child.stdin.on('error', () => undefined)
    onLines(this.#child.stdout, line => this.#hear(line))
    onLines(this.#child.stderr, line => timeline.note('command', `stderr: ${line}`))
    this.#gone = new Promise(resolve => {
      this.#child.on('error', error => {
        this.#end({ code: null, signal: null }, `cannot be started: ${error.message}`)
        resolve()
      })
      this.#child.on('exit', () => setTimeout(() => this.#turnAway(), GRACE_MS).unref())
      this.#child.on('close', (code, signal) => {
        this.#end({ code, signal }, `ended with ${signal ?? `status ${code ?? 'unknown'}`}`)
        resolve()
      })
    })
  }

  get end(): CommandEnd {
    return { said: this.#said, exit: this.#exit }
  }

  /** Settles when the process is gone. */
  get gone(): Promise<void> {
    return this.#gone
  }

  /** Hears all lines of the contract, those before it, too. */
  onLine(hear: (line: DriverLine) => void): void {
    this.#listeners.add(hear)
    for (const line of this.#lines) hear(line)
  }

  /** Whether it has said so by now. */
  can(ability: Ability): boolean {
    return this.#lines.some(line => line.kind === 'can' && line.ability === ability)
  }

  /** Writes a line to its stdin. */
  write(line: string): void {
    if (this.#exit === undefined) this.#child.stdin.write(`${line}\n`)
  }

  /** Asks it to end, and ends it with all that it started. */
  async stop(): Promise<void> {
    this.#isStopping = true
    killGroup(this.#child, 'SIGTERM')
    const timer = setTimeout(() => killGroup(this.#child, 'SIGKILL'), GRACE_MS)
    await this.#gone
    clearTimeout(timer)
    // Of the group some may be left.
    killGroup(this.#child, 'SIGKILL')
  }

  #hear(text: string): void {
    const line = parseDriverLine(text)
    this.#timeline.note('command', text)
    if (line.kind === 'malformed') this.#timeline.note('runner', 'that line does not keep to the contract')
    if (line.kind === 'result' || line.kind === 'error') this.#said ??= line
    if (line.kind === 'other' || line.kind === 'malformed' || this.#lines.length >= LINES_MAX) return
    this.#lines.push(line)
    for (const hear of this.#listeners) hear(line)
  }

  #turnAway(): void {
    this.#child.stdout.destroy()
    this.#child.stderr.destroy()
  }

  #end(exit: NonNullable<CommandEnd['exit']>, text: string): void {
    if (this.#exit !== undefined) return
    this.#exit = exit
    this.#timeline.note(this.#isStopping ? 'runner' : 'command', text)
  }
}
