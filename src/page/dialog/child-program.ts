import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { createInterface } from 'node:readline'
import { UnsupportedError } from '../../errors.js'

/** The descriptor on which a program says that it is ready. */
export const READY_FD = 3

/** A program that runs beside this process. */
export interface ChildProgram {
  /** What it said on `READY_FD`. */
  readonly said: string
  /** Ends it at once, without waiting. */
  readonly kill: () => void
  /** Settles when it has ended; safe to call twice. */
  readonly stop: () => Promise<void>
}

/** Starts a program and waits for its line. @throws UnsupportedError `capability-missing` with what it complained about. */
export async function startChildProgram(path: string, args: readonly string[]): Promise<ChildProgram> {
  const child = spawn(path, args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] })
  const ended = endOf(child)
  try {
    const said = await Promise.race([firstLine(child.stdio[READY_FD]), failure(path, child, ended)])
    return {
      said,
      kill: () => void child.kill('SIGKILL'),
      async stop() {
        child.kill('SIGKILL')
        await ended
      },
    }
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
}

/** How it ended, or why it never started. */
async function endOf(child: ChildProcess): Promise<unknown> {
  try {
    const [code, signal] = (await once(child, 'close')) as unknown[]
    return code ?? signal
  } catch (error) {
    return error
  }
}

async function firstLine(stream: unknown): Promise<string> {
  if (!(stream instanceof Readable)) throw new TypeError('a pipe was asked for')
  const lines = createInterface({ input: stream })
  const [line] = (await once(lines, 'line')) as unknown[]
  // What it says later must not fill the pipe.
  lines.on('line', () => undefined)
  return String(line).trim()
}

async function failure(path: string, child: ChildProcess, ended: Promise<unknown>): Promise<never> {
  let complaints = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (complaints += text))
  const end = await ended
  throw new UnsupportedError('capability-missing', `${path} ended with ${String(end)}: ${complaints.trim()}`)
}
