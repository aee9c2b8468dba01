import { createRequire } from 'node:module'
import type * as QrCode from 'qrcode'
import { UnsupportedError } from '../../errors.js'
import type { QrPainter } from '../../ports/qr-painter.js'

const require = createRequire(import.meta.url)

/** Level L keeps the code small; the quiet zone of four modules is what scanners expect. */
const OPTIONS = { errorCorrectionLevel: 'L', margin: 4 } as const
/** Half blocks draw the light modules: most terminals are dark. */
const LIGHT_ON_DARK = { dark: '#ffffff', light: '#000000' }
/** Modules are this many pixels wide in a PNG. */
const PNG_SCALE = 6

/**
 * Draws with the package `qrcode`, which splits `FIDO:/` and the digits into two segments by itself and so keeps to
 * version 4 or 5. The package is loaded on first use.
 */
export const qrcodePainter: QrPainter = {
  toTerminal: text => draw(text, { ...OPTIONS, type: 'utf8', color: LIGHT_ON_DARK }),
  toSvg: text => draw(text, { ...OPTIONS, type: 'svg' }),
  toPng: async text => new Uint8Array(await load().toBuffer(text, { ...OPTIONS, scale: PNG_SCALE })),
}

/** The callback is called before the function returns; the promise form would make this asynchronous. */
function draw(text: string, options: QrCode.QRCodeToStringOptions): string {
  let drawing = ''
  load().toString(text, options, (error, drawn) => {
    if (error) throw error
    drawing = drawn
  })
  return drawing
}

function load(): typeof QrCode {
  try {
    return require('qrcode') as typeof QrCode
  } catch (cause) {
    throw new UnsupportedError('package-missing', 'drawing a QR code needs the package qrcode', { cause })
  }
}
