import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { lifeOf } from './children.js'
import type { Helper } from './children.js'

/** A helper in another language: it answers words on stdin with numbers on stdout, a line each, until stdin ends. */
export function startProgram(program: string, { timeLimitMs }: { readonly timeLimitMs: number }): Helper {
  const child = spawn(program, [], { stdio: ['pipe', 'pipe', 'inherit'] })
  const life = lifeOf(child, timeLimitMs)
  // What has ended is told by its answer.
  child.stdin.on('error', () => undefined)
  const lines = createInterface({ input: child.stdout })
  return {
    ask: async ({ ask }) => {
      child.stdin.write(`${ask}\n`)
      const [line] = (await life.answer(ask, once(lines, 'line'))) as [string]
      return Number(line)
    },
    end: () =>
      life.end(() => {
        child.stdin.end()
      }),
  }
}
