import { fork, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** What a child process left. */
export interface Finished {
  readonly stdout: string
  readonly stderr: string
}

/**
 * Runs a program to its end.
 * @param timeLimitMs after that it is killed.
 * @throws Error when it was killed or did not exit with 0.
 */
export async function runChild(
  program: string,
  args: readonly string[],
  { timeLimitMs, cwd }: { readonly timeLimitMs: number; readonly cwd?: string },
): Promise<Finished> {
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  const killed = killAfter(child, timeLimitMs)
  const output = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text))
  try {
    const [code] = (await once(child, 'close')) as [number | null]
    if (killed.late) throw new Error(`${program} was still running after ${timeLimitMs} ms`)
    if (code !== 0) throw new Error(`${program} ended with ${code ?? 'a signal'}: ${output.stderr.trim()}`)
    return output
  } finally {
    killed.cancel()
  }
}

/** A part of a benchmark in a process of its own, which answers questions. */
export interface Helper {
  /** @throws Error when the process has ended, or answers with an error. */
  ask(question: Question): Promise<number>
  end(): Promise<void>
}

/** A word, and numbers that go with it. */
interface Question {
  readonly ask: string
  readonly numbers?: readonly number[]
}

type Answer = { readonly number: number } | { readonly error: string }

/** How long a helper may take to leave, for it may have a profile to write. */
const END_LIMIT_MS = 10_000

/**
 * Starts a module of the compiled benchmarks as a process of its own, killed after the time limit.
 * @param url of the module, which calls `answerQuestions`.
 */
export function startHelper(
  url: URL,
  {
    timeLimitMs,
    args = [],
    execArgv = [],
  }: { timeLimitMs: number; args?: readonly string[]; execArgv?: readonly string[] },
): Helper {
  const child = fork(fileURLToPath(url), args, { execArgv: [...execArgv] })
  const life = lifeOf(child, timeLimitMs)
  return {
    ask: async question => {
      child.send(question)
      const [answer] = (await life.answer(question.ask, once(child, 'message'))) as [Answer]
      if ('error' in answer) throw new Error(answer.error)
      return answer.number
    },
    end: () =>
      life.end(() => {
        if (child.connected) child.disconnect()
      }),
  }
}

/** What a helper’s process has of its own. */
interface Life {
  /** The answer to a question. @throws Error when the process ends first. */
  answer(question: string, answered: Promise<unknown[]>): Promise<unknown[]>
  /** @param hangUp makes the process leave. */
  end(hangUp: () => void): Promise<void>
}

/** A process that is killed after the time limit. */
export function lifeOf(child: ChildProcess, timeLimitMs: number): Life {
  const killed = killAfter(child, timeLimitMs)
  const ended = once(child, 'exit')
  return {
    answer: (question, answered) => {
      const gone = ended.then(() => {
        throw new Error(
          `the helper ended before it answered “${question}”${killed.late ? ': out of time' : ''}`,
        )
      })
      return Promise.race([answered, gone])
    },
    end: async hangUp => {
      hangUp()
      const stuck = killAfter(child, END_LIMIT_MS)
      await ended
      stuck.cancel()
      killed.cancel()
    },
  }
}

/** The other side of `startHelper`: answers one question after another until the asker hangs up. */
export function answerQuestions(
  answers: Readonly<Record<string, (...numbers: readonly number[]) => number | Promise<number>>>,
): void {
  process.on('message', (question: Question) => {
    void answer(question).then(reply => process.send?.(reply))
  })
  process.on('disconnect', () => process.exit())

  async function answer({ ask, numbers = [] }: Question): Promise<Answer> {
    try {
      const given = answers[ask]
      if (given === undefined) throw new Error(`the helper knows no “${ask}”`)
      return { number: await given(...numbers) }
    } catch (error) {
      return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
    }
  }
}

/** No child outlives its time, nor this process. */
export function killAfter(
  child: ChildProcess,
  timeLimitMs: number,
): { readonly late: boolean; cancel(): void } {
  let late = false
  const kill = (): void => void child.kill('SIGKILL')
  // Before what removes the folders that it writes into.
  process.prependOnceListener('exit', kill)
  const timer = setTimeout(() => {
    late = true
    kill()
  }, timeLimitMs)
  return {
    get late() {
      return late
    },
    cancel: () => {
      clearTimeout(timer)
      process.off('exit', kill)
    },
  }
}
