import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { bluezAdvertiser, bluezScanner } from 'fido-hybrid/adapters/bluez'
import type { HybridError } from 'fido-hybrid'
import { setPowered } from './adapter.js'
import { wish } from './wish.js'

const ADAPTERS = ['hci0', 'hci1']
const AWAY_MS = 1000
/** The guest may be emulated. */
const PATIENCE = { startTimeoutMs: 20_000, maxInterruptionMs: 40_000 }

/** A listener that writes down its steps, and lets one wait for one of them. */
class Steps {
  readonly words: string[] = []
  readonly heard = new Set<string>()
  #wake: () => void = () => undefined

  readonly started = (): void => this.#note('started')
  readonly resumed = (): void => this.#note('resumed')
  readonly interrupted = (error: HybridError): void => this.#note(`interrupted ${error.code}`)
  readonly failed = (error: HybridError): void => this.#note(`failed ${error.code}`)
  readonly advert = ({ serviceData }: { serviceData: Uint8Array }): void => {
    this.heard.add(Buffer.from(serviceData).toString('hex'))
    this.#wake()
  }

  async until(satisfied: (steps: Steps) => boolean): Promise<void> {
    while (!satisfied(this)) {
      const last = this.words.at(-1)
      if (last?.startsWith('failed') === true) throw new Error(this.words.join(', '))
      await new Promise<void>(resolve => (this.#wake = resolve))
    }
  }

  #note(word: string): void {
    this.words.push(word)
    this.#wake()
  }
}

async function power(on: boolean): Promise<void> {
  for (const adapter of ADAPTERS) await setPowered(adapter, on)
}

/** A scan and an advert whose adapters go away for a second: off and on again, then unplugged and back. */
export async function interruptRadios(): Promise<object> {
  const [hears, sends] = [new Steps(), new Steps()]
  const scan = bluezScanner({ adapter: 'hci1', ...PATIENCE }).scan(hears)
  const serviceData = randomBytes(20)
  await hears.until(({ words }) => words.includes('started'))
  const advert = bluezAdvertiser({ adapter: 'hci0', ...PATIENCE }).advertise(serviceData, sends)
  await sends.until(({ words }) => words.includes('started'))
  await away(
    () => power(false),
    () => power(true),
  )
  await resumed(1, hears, sends)
  await away(
    () => wish('remove-adapters'),
    async () => {
      await wish('add-adapters')
      await power(true)
    },
  )
  await resumed(2, hears, sends)
  await hears.until(({ heard }) => heard.has(serviceData.toString('hex')))
  await Promise.all([scan.stop(), advert.stop()])
  return { hears: hears.words, sends: sends.words }
}

async function away(lose: () => Promise<void>, restore: () => Promise<void>): Promise<void> {
  await lose()
  await sleep(AWAY_MS)
  await restore()
}

async function resumed(times: number, ...all: readonly Steps[]): Promise<void> {
  for (const steps of all)
    await steps.until(({ words }) => words.filter(word => word === 'resumed').length === times)
}
