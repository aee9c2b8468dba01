/**
 * A radio elsewhere, or a simulated one, whose adverts come and go as lines of text.
 * @module
 */
import { decodeHex, encodeHex } from '../../bytes/hex.js'
import { ProximityError } from '../../errors.js'
import { ADVERT_SERVICE_UUIDS } from '../../ports/ble.js'
import type { AdvertReport, BleAdvertiser, BleScanner, BleScanListener } from '../../ports/ble.js'
import { notConnectable } from './not-connectable.js'

/** An extended advert carries at most 1650 bytes; longer lines are ignored. */
const MAX_LINE_CHARACTERS = 4096
const LINE = /^([0-9a-f]{4})\s+([0-9a-f]+)$/i

/**
 * Hears adverts from lines of text, `fff9 HEX` or `fde2 HEX`, such as stdin; other lines are ignored.
 * At the end of the text the scan goes on without failure and hears nothing more. Reads only while a scan runs.
 *
 * @example
 * const client = new HybridClient({ ...nodePlatform(), scanner: stdinScanner(process.stdin) })
 */
export function stdinScanner(source: NodeJS.ReadableStream): BleScanner {
  return {
    proximity: 'simulated',
    scan(listener) {
      const reader = new LineScan(source, listener)
      queueMicrotask(() => {
        reader.start()
      })
      return {
        stop: () => {
          reader.stop()
          return Promise.resolve()
        },
      }
    },
  }
}

/**
 * Tells a radio elsewhere what to send: `write` gets `{"event":"advert","uuid":"fff9","data":HEX}`, without line break.
 *
 * @example
 * const advertiser = lineAdvertiser(line => console.log(line))
 * const phone = new HybridAuthenticator({ ...nodePlatform(), advertiser, handler })
 */
export function lineAdvertiser(write: (line: string) => void): BleAdvertiser {
  return {
    proximity: 'simulated',
    advertise(serviceData, listener, { connectable = false } = {}) {
      if (connectable) return notConnectable(listener)
      const line = JSON.stringify({ event: 'advert', uuid: 'fff9', data: encodeHex(serviceData) })
      let wanted = true
      queueMicrotask(() => {
        if (!wanted) return
        try {
          write(line)
        } catch (cause) {
          listener.failed(
            new ProximityError('advertise-failed', 'the advert could not be written', { cause }),
          )
          return
        }
        listener.started()
      })
      return {
        stop: () => {
          wanted = false
          return Promise.resolve()
        },
      }
    },
  }
}

class LineScan {
  readonly #source: NodeJS.ReadableStream
  readonly #listener: BleScanListener
  #pending = ''
  #stopped = false

  constructor(source: NodeJS.ReadableStream, listener: BleScanListener) {
    this.#source = source
    this.#listener = listener
  }

  start(): void {
    if (this.#stopped) return
    this.#source.on('data', this.#read)
    this.#source.on('error', this.#fail)
    this.#source.resume()
    this.#listener.started()
  }

  stop(): void {
    if (this.#stopped) return
    this.#stopped = true
    this.#source.off('data', this.#read)
    this.#source.off('error', this.#fail)
    // Another scan may still be reading.
    if (this.#source.listenerCount('data') === 0) this.#source.pause()
  }

  readonly #read = (chunk: Buffer | string): void => {
    // Only ASCII matters, so a character cut in two does no harm.
    const lines = (this.#pending + textOf(chunk)).split('\n')
    const rest = lines.pop() ?? ''
    // One character more than allowed marks a line that is too long until it ends.
    this.#pending = rest.slice(0, MAX_LINE_CHARACTERS + 1)
    for (const line of lines) {
      const report = readLine(line)
      if (report !== undefined && !this.#isStopped()) this.#listener.advert(report)
    }
  }

  readonly #fail = (cause: Error): void => {
    this.stop()
    this.#listener.failed(new ProximityError('ble-scan-failed', 'the adverts could not be read', { cause }))
  }

  #isStopped(): boolean {
    return this.#stopped
  }
}

function textOf(chunk: Buffer | string): string {
  return typeof chunk === 'string' ? chunk : chunk.toString('latin1')
}

function readLine(line: string): AdvertReport | undefined {
  if (line.length > MAX_LINE_CHARACTERS) return undefined
  const [, name = '', hex = ''] = LINE.exec(line.trim()) ?? []
  const uuid = ADVERT_SERVICE_UUIDS.find(each => each === name.toLowerCase())
  if (uuid === undefined || hex.length % 2 !== 0) return undefined
  return { uuid, serviceData: decodeHex(hex) }
}
