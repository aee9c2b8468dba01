import { encodeHex } from '../../bytes/hex.js'
import { ProximityError } from '../../errors.js'
import type { HybridError } from '../../errors.js'
import type { AdvertReport, BleScan, BleScanListener, ScanTally } from '../../ports/ble.js'
import type { RadioPlan } from '../native/radio-session.js'
import { RadioSession } from '../native/radio-session.js'
import type { NobleModule } from './noble-module.js'
import { hasServiceData, reportsOf } from './service-data.js'

/** The pause before a scan that another program ended begins again. Two programs without a pause would go on for ever. */
const RESUME_DELAY_MS = 1000
/** How many payloads are remembered, so that each is reported once. Strangers may send any number. */
const MAX_REMEMBERED = 1024

/** One noble for all scans: what one of them stopped, the others would no longer hear. */
export class NobleRadio {
  readonly #plan: RadioPlan<NobleModule>
  readonly #scans = new Set<HeardOnce>()
  #session: RadioSession<NobleModule> | undefined
  #hearing = false
  #cancelResume: () => void = () => undefined
  #closed: Promise<void> = Promise.resolve()

  constructor(plan: RadioPlan<NobleModule>) {
    this.#plan = plan
  }

  scan(listener: BleScanListener): BleScan {
    const scan = new HeardOnce(listener)
    this.#scans.add(scan)
    void this.#join(scan)
    return { stop: () => this.#leave(scan), tally: () => scan.tally }
  }

  async #join(scan: HeardOnce): Promise<void> {
    let closed
    do await (closed = this.#closed)
    while (closed !== this.#closed)
    if (!this.#scans.has(scan)) return
    if (this.#hearing) scan.begin()
    else this.#session ??= this.#open()
  }

  #leave(scan: HeardOnce): Promise<void> {
    this.#scans.delete(scan)
    if (this.#scans.size === 0) this.#close()
    return this.#scans.size === 0 ? this.#closed : Promise.resolve()
  }

  #close(): void {
    const session = this.#session
    if (session === undefined) return
    this.#cancelResume()
    this.#session = undefined
    this.#hearing = false
    this.#closed = session.close()
  }

  #open(): RadioSession<NobleModule> {
    const session = new RadioSession(this.#plan, {
      loaded: noble => {
        this.#listen(session, noble)
      },
      poweredOn: noble => {
        startScanning(session, noble, () => {
          this.#started(session)
        })
      },
      interrupted: error => {
        this.#cancelResume()
        this.#hearing = false
        this.#each(scan => scan.interrupt(error))
      },
      failed: error => {
        this.#fail(error)
      },
    })
    return session
  }

  #listen(session: RadioSession<NobleModule>, noble: NobleModule): void {
    session.listen('discover', peripheral => {
      if (!this.#hearing) return
      const withServiceData = hasServiceData(peripheral)
      for (const scan of this.#scans) scan.count(withServiceData)
      for (const report of reportsOf(peripheral)) this.#hear(report)
    })
    session.listen('scanStop', () => {
      if (!this.#hearing) return
      const { clock } = this.#plan
      this.#cancelResume()
      this.#cancelResume = clock.setAlarm(clock.now() + RESUME_DELAY_MS, () => {
        startScanning(session, noble, () => undefined)
      })
    })
  }

  #started(session: RadioSession<NobleModule>): void {
    if (session !== this.#session || this.#hearing || !session.isOn) return
    session.running()
    this.#hearing = true
    this.#each(scan => scan.begin())
  }

  #hear(report: AdvertReport): void {
    this.#each(scan => {
      scan.hear(report)
    })
  }

  #fail(error: HybridError): void {
    const failed = [...this.#scans]
    this.#scans.clear()
    this.#close()
    for (const { listener } of failed) listener.failed(error)
  }

  /** A listener may stop its own scan or another, and start new ones. */
  #each(tell: (scan: HeardOnce) => void): void {
    for (const scan of [...this.#scans]) if (this.#scans.has(scan)) tell(scan)
  }
}

function startScanning(session: RadioSession<NobleModule>, noble: NobleModule, started: () => void): void {
  try {
    // No UUID filter: it can hide what carries service data only. Duplicates: one address may change its payload.
    noble.startScanning([], true, cause => {
      if (cause) session.fail(new ProximityError('ble-scan-failed', 'noble does not scan', { cause }))
      else started()
    })
  } catch (cause) {
    session.fail(new ProximityError('ble-scan-failed', 'noble does not scan', { cause }))
  }
}

/** A scan that is told each payload of a sender once. */
class HeardOnce {
  readonly listener: BleScanListener
  readonly #heard = new Set<string>()
  #hasBegun = false
  tally: ScanTally = { adverts: 0, withServiceData: 0 }

  constructor(listener: BleScanListener) {
    this.listener = listener
  }

  /** noble scans, for the first time or again. */
  begin(): void {
    if (this.#hasBegun) this.listener.resumed?.()
    else this.listener.started()
    this.#hasBegun = true
  }

  interrupt(error: HybridError): void {
    if (this.#hasBegun) this.listener.interrupted?.(error)
  }

  count(withServiceData: boolean): void {
    const { adverts, withServiceData: before } = this.tally
    this.tally = { adverts: adverts + 1, withServiceData: before + (withServiceData ? 1 : 0) }
  }

  hear({ uuid, serviceData, from }: AdvertReport): void {
    const key = `${uuid} ${encodeHex(serviceData)} ${from?.address}`
    if (this.#heard.has(key)) return
    if (this.#heard.size >= MAX_REMEMBERED) this.#heard.clear()
    this.#heard.add(key)
    this.listener.advert({ uuid, serviceData: new Uint8Array(serviceData), from })
  }
}
