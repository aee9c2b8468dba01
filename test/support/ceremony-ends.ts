import { expect } from 'vitest'
import { HybridError } from '../../src/errors.js'
import { createRelyingParty } from '../../src/testing.js'
import type { Lab, VirtualClock } from '../../src/testing.js'

/** Longer than every deadline. */
const LONG_MS = 700_000

/** How a ceremony of either role ends: `done`, or the code of its error or of what a WebAuthnError names as its cause. */
export async function ceremonyCode<Result>(
  ceremony: Promise<Result>,
  done: (result: Result) => string = () => 'done',
): Promise<string> {
  try {
    return done(await ceremony)
  } catch (error) {
    const cause = error instanceof HybridError ? error : error instanceof Error ? error.cause : undefined
    if (cause instanceof HybridError) return cause.code
    throw error
  }
}

/** How a ceremony ends once all deadlines are over; then nothing waits any more. @param done what is said of its result. */
export async function endOf<Result>(
  clock: VirtualClock,
  ceremony: Promise<Result>,
  done?: (result: Result) => string,
): Promise<string> {
  const end = ceremonyCode(ceremony, done)
  await clock.advance(LONG_MS)
  const code = await end
  expect(clock.pending).toBe(0)
  return code
}

/** How both sides of a registration in a lab end, likewise. */
export async function endsOf(
  clock: VirtualClock,
  lab: Lab,
): Promise<{ readonly client: string; readonly phone: string }> {
  const rp = await createRelyingParty({ origin: 'https://example.com' })
  let phone = Promise.resolve('no code')
  const onQr = ({ url }: { url: string }): void => {
    phone = ceremonyCode(lab.phone().scan(url))
  }
  const client = await endOf(
    clock,
    lab.client().create(await rp.creationOptions(), { origin: rp.origin, onQr }),
  )
  return { client, phone: await phone }
}
