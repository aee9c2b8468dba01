/** Plays the demo again and again, each time interrupted one step later, and tells as JSON what came of it. */
import { setImmediate } from 'node:timers/promises'
import { runDemo } from '../../examples/demo/demo.js'
import type { Narrator, Step } from '../../examples/demo/narrator.js'
import { alwaysApprove } from '../../src/virtual.js'

/** What came of one interrupted demo. */
export interface Interrupted {
  readonly at: string
  /** Undefined where the demo came to its end. */
  readonly error: { readonly name: string; readonly code: string } | undefined
  /** Sockets, servers and timers that were still there. */
  readonly left: readonly string[]
}

const KINDS = ['TCPSocketWrap', 'TCPServerWrap', 'TLSWrap', 'Timeout']
/** Handles are given back in the turn after their `close` event. */
const TURNS = 50

async function play(last: number): Promise<{ steps: readonly Step[]; error: unknown }> {
  const interrupt = new AbortController()
  const steps: Step[] = []
  const silent = (): void => undefined
  const tell = (step: Step): void => {
    if (steps.push(step) > last) interrupt.abort()
  }
  const narrator: Narrator = { tell, draw: silent, prompt: silent, conclude: silent, fail: silent }
  try {
    await runDemo({ narrator, consent: alwaysApprove(), signal: interrupt.signal })
    return { steps, error: undefined }
  } catch (error) {
    return { steps, error }
  }
}

async function openResources(): Promise<readonly string[]> {
  const open = (): string[] => process.getActiveResourcesInfo().filter(kind => KINDS.includes(kind))
  for (let turn = 0; turn < TURNS && open().length > 0; turn++) await setImmediate()
  return open()
}

const whole = await play(Infinity)
const told: Interrupted[] = []
for (const [last, { who, event }] of whole.steps.entries()) {
  const { error } = await play(last)
  const named =
    error instanceof Error && 'code' in error ? { name: error.name, code: String(error.code) } : undefined
  told.push({ at: `${who} ${event}`, error: named, left: await openResources() })
}
process.stdout.write(JSON.stringify(told))
