import { startHelper } from '../harness/children.js'
import type { Helper } from '../harness/children.js'
import type { Suite } from '../harness/group.js'
import type { Variant } from '../harness/rounds.js'
import { PROVIDERS } from './registration/providers.js'

const TIME_LIMIT_MS = 300_000
const [WARM_UPS, ROUNDS] = [20, 41]
/** A process that has slept takes the first ones slowly. */
const REGISTRATIONS_PER_SAMPLE = 10

/**
 * From the click to the end: QR code, advert, two WebSockets through a real tunnel service, handshake, passkey, goodbye. Each
 * provider in a process of its own: a program has one, and code that has met two is compiled less well.
 */
export const measure: Suite = async context => {
  const helpers: Helper[] = []
  try {
    const variants: Variant[] = []
    for (const name of Object.keys(PROVIDERS)) {
      const helper = startHelper(new URL('./registration/registrar-process.js', import.meta.url), {
        timeLimitMs: TIME_LIMIT_MS,
        args: [name],
      })
      helpers.push(helper)
      const register = (times: number): Promise<number> => helper.ask({ ask: 'register', numbers: [times] })
      await register(context.quick ? 1 : WARM_UPS)
      variants.push({ name, sample: () => register(context.quick ? 1 : REGISTRATIONS_PER_SAMPLE) })
    }
    await context.group({
      name: 'loopback',
      title: 'A whole registration on loopback: laptop, tunnel service and phone in one process',
      unit: 'ms',
      ...(!context.quick && { pace: { rounds: ROUNDS } }),
      variants,
      claims: [{ of: 'node provider', against: 'noble provider', atLeast: 4 }],
    })
  } finally {
    for (const helper of helpers) await helper.end()
  }
}
