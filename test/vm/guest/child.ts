import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** One line of JSON from a program. */
type ChildEvent = Readonly<Record<string, unknown>> & { readonly event: string }

/** A program that says what happens to it in JSON Lines. */
export interface Child {
  /** Every event so far. */
  readonly events: readonly ChildEvent[]
  /** The first event of this name. Rejects when the program ends without it. */
  event(name: string): Promise<ChildEvent>
  kill(): void
  /** The exit code; null when a signal ended it. */
  readonly end: Promise<number | null>
}

/** Starts a program; what it says to people goes to the console. */
export function startChild(command: string, args: readonly string[]): Child {
  const process = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const events: ChildEvent[] = []
  let wake = (): void => undefined
  let ended = false
  const lines = createInterface({ input: process.stdout })
  lines.on('line', line => {
    events.push(JSON.parse(line) as ChildEvent)
    wake()
  })
  const end = Promise.all([once(process, 'close'), once(lines, 'close')]).then(([[code]]) => {
    ended = true
    wake()
    return typeof code === 'number' ? code : null
  })
  return {
    events,
    end,
    kill: () => void process.kill('SIGKILL'),
    async event(name) {
      for (;;) {
        const found = events.find(({ event }) => event === name)
        if (found !== undefined) return found
        if (ended) throw new Error(`ended without ${name}: ${JSON.stringify(events)}`)
        await new Promise<void>(resolve => (wake = resolve))
      }
    },
  }
}
