import { EventEmitter } from 'node:events'
import type { BlenoModule } from '../../src/adapters/bleno/bleno.js'
import type { NobleModule } from '../../src/adapters/noble/noble.js'

/** What a fake noble tells of a peripheral, shaped as the real one shapes it. */
interface Discovery {
  readonly advertisement: {
    readonly serviceData: readonly { readonly uuid: string; readonly data: Buffer }[]
  }
}

/** An air with adapters that share one state; fake nobles and blenos are on it. */
export class FakeAir {
  /** What modules say once they have started; undefined leaves them silent. */
  state: string | undefined = 'poweredOn'
  readonly #modules = new Set<FakeModule>()
  readonly #onAir = new Set<Discovery>()

  noble(): FakeNoble {
    return this.#keep(new FakeNoble(this))
  }

  bleno(): FakeBleno {
    return this.#keep(new FakeBleno(this))
  }

  /** Changes the state of all adapters. */
  change(state: string): void {
    this.state = state
    for (const module of this.#modules) module.follow()
  }

  /** Puts service data on the air; the result takes it off. */
  transmit(uuid: string, data: Uint8Array): () => void {
    const discovery = { advertisement: { serviceData: [{ uuid, data: Buffer.from(data) }] } }
    this.#onAir.add(discovery)
    for (const module of this.#modules) module.discover(discovery)
    return () => this.#onAir.delete(discovery)
  }

  /** Events that somebody still listens to. */
  get listeners(): readonly string[] {
    return [...this.#modules].flatMap(module => module.listenedTo)
  }

  get discoveries(): readonly Discovery[] {
    return [...this.#onAir]
  }

  #keep<Module extends FakeModule>(module: Module): Module {
    this.#modules.add(module)
    return module
  }
}

abstract class FakeModule extends EventEmitter {
  /** Names of the methods that were called. */
  readonly calls: string[] = []
  readonly #air: FakeAir
  #started = false
  #state = 'unknown'

  constructor(air: FakeAir) {
    super()
    this.#air = air
  }

  get state(): string {
    return this.#state
  }

  get listenedTo(): readonly string[] {
    return this.eventNames()
      .filter(name => name !== 'newListener')
      .map(String)
  }

  abstract discover(discovery: Discovery): void

  follow(): void {
    if (!this.#started || this.#air.state === undefined || this.#air.state === this.#state) return
    this.#state = this.#air.state
    this.emit('stateChange', this.#state)
  }

  /** The first use starts a module. */
  protected start(): void {
    this.#started = true
  }

  protected get air(): FakeAir {
    return this.#air
  }
}

/** noble: starts when its state is read or subscribed to, and says its state a little later. */
export class FakeNoble extends FakeModule implements NobleModule {
  /** `dead`: the adapter is on, but scanning never begins; `throws`: it throws when it is started. */
  habit: 'well' | 'dead' | 'throws' = 'well'
  #scanning = false

  constructor(air: FakeAir) {
    super(air)
    this.on('newListener', event => {
      if (event === 'stateChange') this.start()
    })
  }

  override get state(): string {
    if (this.habit === 'throws') throw Object.assign(new Error('no such device'), { code: 'ENODEV' })
    this.start()
    return super.state
  }

  startScanning(serviceUuids: string[], allowDuplicates: boolean, done: (error?: Error) => void): void {
    this.calls.push(`startScanning ${JSON.stringify([serviceUuids, allowDuplicates])}`)
    if (this.habit === 'dead') return
    if (this.state !== 'poweredOn') {
      done(new Error(`Could not start scanning, state is ${this.state}`))
      return
    }
    queueMicrotask(() => {
      this.#scanning = true
      done()
      for (const discovery of this.air.discoveries) this.discover(discovery)
    })
  }

  stopScanning(done: () => void): void {
    this.calls.push('stopScanning')
    if (this.habit === 'dead') return
    this.interrupt()
    queueMicrotask(done)
  }

  /** Scanning ends, by whomever. */
  interrupt(): void {
    this.#scanning = false
    this.emit('scanStop')
  }

  override discover(discovery: unknown): void {
    if (this.#scanning) this.emit('discover', discovery)
  }

  protected override start(): void {
    super.start()
    setImmediate(() => {
      this.follow()
    })
  }
}

/** What a legacy advert holds before the service data: flags, UUID list, and a header of four bytes. */
const ADVERTISING_DATA_START = '0201060303f9ff'
const SERVICE_DATA_OFFSET = 11

/** bleno: starts inside the first `.on('stateChange')`, before the listener is there. */
export class FakeBleno extends FakeModule implements BlenoModule {
  /** How it fails: as @abandonware by an event, as @stoprocent by the callback. */
  failure: 'event' | 'callback' | undefined
  readonly sent: string[] = []
  #stop: () => void = () => undefined

  constructor(air: FakeAir) {
    super(air)
    this.on('newListener', event => {
      if (event !== 'stateChange') return
      this.start()
      this.follow()
    })
  }

  startAdvertisingWithEIRData(
    advertisementData: Buffer,
    scanData: Buffer,
    done: (error?: Error | null) => void,
  ): void {
    this.calls.push(`startAdvertisingWithEIRData ${advertisementData.length} ${scanData.length}`)
    this.sent.push(advertisementData.toString('hex'))
    const error = new Error('Command Disallowed')
    if (this.failure === 'event') this.emit('advertisingStartError', error)
    else if (this.failure === 'callback') done(error)
    else
      queueMicrotask(() => {
        if (advertisementData.toString('hex').startsWith(ADVERTISING_DATA_START))
          this.#stop = this.air.transmit('fff9', advertisementData.subarray(SERVICE_DATA_OFFSET))
        done(null)
      })
  }

  stopAdvertising(done: () => void): void {
    this.calls.push('stopAdvertising')
    queueMicrotask(() => {
      this.#stop()
      done()
    })
  }

  override discover(): void {
    // It hears nothing.
  }

  disconnect(): void {
    this.calls.push('disconnect')
  }
}
