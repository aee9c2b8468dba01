import { rmSync } from 'node:fs'
import { mkdtemp, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, extname, join, resolve } from 'node:path'
import { orMissing, replacePrivateFile, temporaryPath } from '../../adapters/stores/private-file.js'
import type { Qr } from '../../client/qr.js'
import { badUsage } from '../failure.js'
import type { GivenOptions } from '../options/given.js'

export const QR_IMAGE_HELP =
  'also draw the QR code into this new file, .png or .svg, which is removed at the end'

const DRAW: ReadonlyMap<string, (qr: Qr) => Promise<Uint8Array>> = new Map([
  ['.png', qr => qr.toPng()],
  ['.svg', qr => Promise.resolve(Buffer.from(qr.toSvg()))],
])

/** Where `--qr-image` wants the picture. @throws CommandLineError unless a new PNG or SVG file can be there. */
export async function readQrImagePath(options: GivenOptions): Promise<string | undefined> {
  const given = options.text('qrImage')
  if (given === undefined) return undefined
  const path = resolve(given)
  if (!DRAW.has(extname(path).toLowerCase()))
    throw badUsage(`--qr-image takes a .png or .svg file, not ${given}`)
  if ((await orMissing(() => stat(dirname(path)))) === undefined)
    throw badUsage(`--qr-image: the folder ${dirname(path)} does not exist`)
  // The picture is removed at the end, and would take an existing file with it.
  if ((await orMissing(() => stat(path))) !== undefined)
    throw badUsage(`--qr-image: ${given} exists already; remove it, or give another name`)
  return path
}

/**
 * The QR code of one ceremony as a file of mode 0600: a program that reads the code can take part in the ceremony. It appears as a
 * whole, and is removed with `remove`, also when the process exits before.
 */
export class QrFile {
  /** Of the file. */
  readonly path: string
  readonly #removes: string
  readonly #atExit = (): void => {
    rmSync(this.#removes, { recursive: true, force: true })
  }

  private constructor(path: string, removes: string) {
    this.path = path
    this.#removes = removes
    process.once('exit', this.#atExit)
  }

  /** Draws into a file that `readQrImagePath` found free. */
  static async at(path: string, qr: Qr): Promise<QrFile> {
    return await new QrFile(path, path).#written(qr)
  }

  /** Draws into a folder of its own that only the user may enter. */
  static async somewhere(qr: Qr): Promise<QrFile> {
    const folder = await mkdtemp(join(tmpdir(), 'fido-hybrid-'))
    return await new QrFile(join(folder, 'qr.png'), folder).#written(qr)
  }

  remove(): void {
    process.off('exit', this.#atExit)
    this.#atExit()
  }

  async #written(qr: Qr): Promise<this> {
    try {
      const picture = await DRAW.get(extname(this.path).toLowerCase())?.(qr)
      if (picture !== undefined) await replacePrivateFile(this.path, picture, temporaryPath(this.path))
      return this
    } catch (cause) {
      this.remove()
      throw new Error(`cannot draw the QR code into ${this.path}`, { cause })
    }
  }
}
