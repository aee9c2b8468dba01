import { HybridClient } from '../../client/hybrid-client.js'
import type { CeremonyOptions, HybridClientOptions } from '../../client/hybrid-client.js'
import type { Qr } from '../../client/qr.js'
import type { ProgressListener } from '../../driver/progress.js'
import type { Link, LinkStore } from '../../ports/link-store.js'
import type { Timeouts } from '../../session/position.js'
import { QrDisplay } from '../client/qr-display.js'
import type { Output } from '../output.js'
import type { Variant } from './passkey-desk.js'
import type { TryWatch } from './try-watch.js'

/** What the laptop of a trial is made of. */
export interface TrialLaptopOptions {
  readonly output: Output
  readonly origin: string
  readonly client: HybridClientOptions
  readonly timeouts: Partial<Timeouts>
  /** How long the ceremonies wait in which nothing should happen, ms. */
  readonly waitMs: number
}

/** How a ceremony differs from the usual. */
export interface LaptopVariant extends Variant {
  /** Asks the phone to be remembered. */
  readonly links?: LinkStore | undefined
  /** Calls a phone that is remembered. */
  readonly link?: Link | undefined
}

/** The laptop of a trial: its client, and the screen that shows the QR code. */
export class TrialLaptop {
  readonly #options: TrialLaptopOptions
  /** The code of the last ceremony. */
  #qr: Qr | undefined

  constructor(options: TrialLaptopOptions) {
    this.#options = options
  }

  /** Runs a ceremony, and shows its QR code while a phone may scan it. */
  async meet<Response>(
    { onProgress, ...watch }: TryWatch,
    ceremony: (client: HybridClient, options: CeremonyOptions & { readonly onQr: OnQr }) => Promise<Response>,
    { isShort = false, links, link }: LaptopVariant = {},
  ): Promise<Response> {
    const { output, origin, client, timeouts, waitMs } = this.#options
    const laptop = new HybridClient({ ...client, links })
    const display = new QrDisplay(output, undefined)
    const listen: ProgressListener = event => {
      display.step(event)
      onProgress(event)
    }
    const onQr: OnQr = qr => {
      this.#qr = qr
      return display.show(qr)
    }
    const limits = isShort ? { ...timeouts, ceremonyMs: waitMs } : timeouts
    const settings = { ...watch, origin, timeouts: limits, onProgress: listen, onQr }
    return await ceremony(laptop, link === undefined ? settings : { ...settings, link }).finally(() =>
      display.end(),
    )
  }

  /** Shows the code of the last ceremony once more, until `end` settles. */
  async showAgain(end: () => Promise<void>): Promise<void> {
    const display = new QrDisplay(this.#options.output, undefined)
    try {
      if (this.#qr !== undefined) await display.show(this.#qr)
      this.#options.output.screen.release()
      await end()
    } finally {
      await display.end()
    }
  }
}

type OnQr = (qr: Qr) => Promise<void>
