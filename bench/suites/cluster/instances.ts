import { startHelper } from '../../harness/children.js'
import type { Helper } from '../../harness/children.js'

const TIME_LIMIT_MS = 10 * 60_000
const SLOTS = 256
/** An instance of the service, and its port. */
export interface Instance {
  readonly port: number
  readonly helper: Helper
}

interface InstanceOptions {
  /** Address of an engine. */
  readonly directory?: string | undefined
  /** More arguments for Node. */
  readonly execArgv?: readonly string[]
}

/** Instances that divide the slots among them. */
export async function startInstances(
  count: number,
  { directory, execArgv = [] }: InstanceOptions = {},
): Promise<readonly Instance[]> {
  const url = new URL('./instance-process.js', import.meta.url)
  return Promise.all(
    Array.from({ length: count }, async (_, place) => {
      const slots = [firstSlot(place, count), firstSlot(place + 1, count) - 1].map(String)
      const args = directory === undefined ? slots : [...slots, directory]
      const helper = startHelper(url, {
        args,
        execArgv: ['--expose-gc', ...execArgv],
        timeLimitMs: TIME_LIMIT_MS,
      })
      return { helper, port: await helper.ask({ ask: 'port' }) }
    }),
  )
}

/** Where the slots of an instance begin. */
const firstSlot = (place: number, count: number): number => Math.ceil((place * SLOTS) / count)

/** Lines of `slots.map`. */
export function slotMap(count: number): string {
  const lines = Array.from({ length: SLOTS }, (_, slot) => {
    const place = Math.floor((slot * count) / SLOTS)
    return `${slot.toString(16).padStart(2, '0')} i${place + 1}\n`
  })
  return lines.join('')
}
