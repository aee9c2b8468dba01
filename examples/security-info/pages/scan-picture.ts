import decodeQr from 'qr/decode.js'

/** The decoder is made for cameras and gives up after one frame’s time; a large picture needs longer. */
const PATIENCE_MS = 3000
const MAX_SIDE_PIXELS = 2048

/** Reads the QR code in a picture as a camera would: from its pixels. @throws Error in words for people. */
export async function scanPicture(picture: Blob): Promise<string> {
  const bitmap = await createImageBitmap(picture).catch(() => undefined)
  if (bitmap === undefined) throw new Error('The phone cannot read this file as a picture.')
  try {
    return textOver('white', bitmap) ?? textOver('black', bitmap) ?? noCode()
  } finally {
    bitmap.close()
  }
}

/** A transparent background would be black to a reader of pixels, like the code on it. */
function textOver(background: string, bitmap: ImageBitmap): string | undefined {
  const { width, height, data } = pixelsOf(bitmap, background)
  try {
    return decodeQr({ width, height, data }, { timeLimit: PATIENCE_MS })
  } catch {
    return undefined
  }
}

function noCode(): never {
  throw new Error('The phone finds no QR code in this picture.')
}

function pixelsOf(bitmap: ImageBitmap, background: string): ImageData {
  const scale = Math.min(1, MAX_SIDE_PIXELS / Math.max(bitmap.width, bitmap.height))
  const [width, height] = [Math.ceil(bitmap.width * scale), Math.ceil(bitmap.height * scale)]
  const context = new OffscreenCanvas(width, height).getContext('2d')
  if (context === null) throw new Error('This browser cannot look at pictures.')
  context.fillStyle = background
  context.fillRect(0, 0, width, height)
  context.drawImage(bitmap, 0, 0, width, height)
  return context.getImageData(0, 0, width, height)
}

/** A photo of what the laptop’s screen shows right now. @throws Error when the screen shows no QR code. */
export async function photographScreen(): Promise<Blob> {
  const response = await fetch('/laptop/screen', { cache: 'no-store' })
  if (!response.ok) throw new Error('The laptop shows no QR code right now.')
  return response.blob()
}
