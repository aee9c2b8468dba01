import { pathToFileURL } from 'node:url'
import type { Qr } from '../../client/qr.js'
import type { ProgressEvent } from '../../driver/progress.js'
import type { Output } from '../output.js'
import { qrScreen, tooSmallScreen } from '../text/qr-screen.js'
import type { ScreenSize } from '../text/qr-screen.js'
import { QrFile } from './qr-file.js'

/** Events after which the code is not needed: a phone has read it, or no phone will. */
const AFTER_SCAN: readonly ProgressEvent['event'][] = ['advert-seen', 'closed']

/** Shows the QR code of one ceremony: on a screen where it fits, and as a picture where none does or one is wanted. */
export class QrDisplay {
  readonly #output: Output
  readonly #imagePath: string | undefined
  #drawing: Promise<QrFile> | undefined
  #link: string | undefined

  /** @param imagePath where a picture is wanted. */
  constructor(output: Output, imagePath: string | undefined) {
    this.#output = output
    this.#imagePath = imagePath
  }

  /** Keeps the code out of logs: with `--json` it is drawn on a screen only. */
  async show(qr: Qr): Promise<void> {
    const output = this.#output
    output.event({ event: 'qr', url: qr.url })
    const { isTerminal } = output.screen
    if (isTerminal) output.screen.hold(size => this.#drawn(qr, size))
    else if (!output.json || this.#imagePath !== undefined) await this.#linked(qr)
    if (!isTerminal && !output.json) output.note(withoutTerminal(this.#link ?? '', qr))
    if (this.#imagePath === undefined) return
    const { path } = await this.#picture(qr)
    output.event({ event: 'qr-image', path })
    output.note(`the QR code is drawn in ${path}`)
  }

  /** Hears each step. */
  step({ event }: ProgressEvent): void {
    if (AFTER_SCAN.includes(event)) this.#output.screen.release()
  }

  /** Removes the picture. */
  async end(): Promise<void> {
    this.#output.screen.release()
    const file = await this.#drawing?.catch(() => undefined)
    file?.remove()
  }

  #drawn(qr: Qr, size: ScreenSize): readonly string[] {
    const { json, colors, sharesScreen } = this.#output
    const screen = {
      drawing: qr.toTerminal(),
      // Beside events of JSON, the first of which says it.
      ...(json ? {} : { url: qr.url }),
      freeRows: sharesScreen ? 1 + EVENT_ROWS : 1,
      paint: (line: string) => colors.bgBlack(colors.whiteBright(line)),
    }
    const lines = qrScreen(screen, size)
    if (lines === undefined && this.#link === undefined) void this.#linkedLater(qr)
    return lines ?? tooSmallScreen(size, this.#link)
  }

  async #linked(qr: Qr): Promise<void> {
    this.#link = pathToFileURL((await this.#picture(qr)).path).href
  }

  async #linkedLater(qr: Qr): Promise<void> {
    try {
      await this.#linked(qr)
    } catch (error) {
      this.#link = String(error)
    }
    this.#output.screen.redraw()
  }

  #picture(qr: Qr): Promise<QrFile> {
    const path = this.#imagePath
    this.#drawing ??= path === undefined ? QrFile.somewhere(qr) : QrFile.at(path, qr)
    return this.#drawing
  }
}

/** The events `qr-shown` and `scanning`, each of which may be broken into two rows. */
const EVENT_ROWS = 4

function withoutTerminal(link: string, { url }: Qr): string {
  return `Scan the code in this picture with the phone:\n${link}\nor hand it over as text:\n${url}\n`
}
