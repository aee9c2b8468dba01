import { randomBytes } from 'node:crypto'
import { clientOf, phoneOf } from '../support/service-peers.js'
import type { RunningProxy } from './haproxy.js'
import { signIn, someAddress } from './linked-phone.js'
import type { LinkedPhone } from './linked-phone.js'

type Ceremony = () => Promise<void>

/** Both sides of a QR code meet, a message comes across, and they part. */
export async function register(through: RunningProxy): Promise<void> {
  const [options, tunnel] = [{ ca: through.ca, localAddress: someAddress() }, randomBytes(16).toString('hex')]
  const phone = await phoneOf(through, options, tunnel)
  const client = await clientOf(through, phone, options, tunnel)
  client.socket.send(Buffer.from([1]))
  const gone = phone.closed.then(code => {
    throw new Error(`closed with ${code}`)
  })
  gone.catch(() => undefined)
  await Promise.race([phone.next(), gone])
  client.socket.close()
}

interface Tally {
  atOnce: number
  atSecond: number
  readonly failed: string[]
  readonly reasons: string[]
}

/** Runs ceremonies, some at a time, and tries again what fails. @param during what befalls the cluster after so many of them. */
export async function ceremonies(
  all: readonly Ceremony[],
  during: ReadonlyMap<number, () => Promise<void>> = new Map(),
): Promise<Tally> {
  const tally = freshTally()
  const blows: Promise<void>[] = []
  let next = 0
  const go = async (): Promise<void> => {
    for (let index = next++; index < all.length; index = next++) {
      const blow = during.get(index)
      if (blow !== undefined) blows.push(blow())
      await tried(all[index] ?? (() => Promise.resolve()), tally)
    }
  }
  await Promise.all(Array.from({ length: 8 }, go))
  await Promise.all(blows)
  return tally
}

/** Goes on with ceremonies in turn, several at a time, and tries again what fails. @returns what ends it. */
export function goingOn(all: readonly Ceremony[]): () => Promise<Tally> {
  const tally = freshTally()
  let isOver = false
  let next = 0
  const go = async (): Promise<void> => {
    while (!isOver) {
      await tried(all[next++ % all.length] ?? (() => Promise.resolve()), tally)
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }
  const going = Promise.all(Array.from({ length: 8 }, go))
  return async () => {
    isOver = true
    await going
    return tally
  }
}

/** Nothing has been tried yet. */
const freshTally = (): Tally => ({ atOnce: 0, atSecond: 0, failed: [], reasons: [] })

/** Tries a ceremony, and once more when it fails, as a client does that asks again. */
async function tried(ceremony: Ceremony, tally: Tally): Promise<void> {
  try {
    await ceremony()
    tally.atOnce += 1
  } catch (error) {
    tally.reasons.push(String(error))
    await new Promise(resolve => setTimeout(resolve, 2000))
    await ceremony().then(
      () => (tally.atSecond += 1),
      (second: unknown) => tally.failed.push(String(second)),
    )
  }
}

/** Registrations and linked sign-ins in turn. */
export function mixed(
  through: RunningProxy,
  phones: readonly LinkedPhone[],
  pairs: number,
): readonly Ceremony[] {
  return Array.from({ length: pairs }, (_, index) => {
    const phone = phones[index % phones.length]
    return [
      () => register(through),
      () => (phone === undefined ? Promise.resolve() : signIn(through, phone.key)),
    ]
  }).flat()
}
