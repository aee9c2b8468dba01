import { REDACTED } from '../crypto/redacted.js'
import { UnsupportedError } from '../errors.js'
import type { QrPainter } from '../ports/qr-painter.js'

/**
 * The QR code of one ceremony. Every device that reads it can take part: show it, do not log it.
 *
 * @example
 * await client.get(requestOptions, { origin, onQr: qr => console.log(qr.toTerminal()) })
 */
export class Qr {
  readonly #url: string
  readonly #painter: QrPainter | undefined

  constructor(url: string, painter: QrPainter | undefined) {
    this.#url = url
    this.#painter = painter
  }

  /** `FIDO:/` and digits: the text inside the code. Holds the QR secret. */
  get url(): string {
    return this.#url
  }

  /** The code as lines of half blocks. @throws UnsupportedError `capability-missing` without a painter. */
  toTerminal(): string {
    return this.#paint().toTerminal(this.#url)
  }

  /** The code as an SVG document. @throws UnsupportedError `capability-missing` without a painter. */
  toSvg(): string {
    return this.#paint().toSvg(this.#url)
  }

  /** The code as PNG file bytes. @throws UnsupportedError `capability-missing` without a painter. */
  async toPng(): Promise<Uint8Array> {
    return this.#paint().toPng(this.#url)
  }

  /** `[redacted]`: the code holds a secret. */
  toJSON(): string {
    return REDACTED
  }

  #paint(): QrPainter {
    if (this.#painter !== undefined) return this.#painter
    throw new UnsupportedError('capability-missing', 'this platform has no QR painter; draw `url` yourself')
  }
}
