import decodeQr from 'qr/decode.js'

const DRAWN_LINE = /^[ █▀▄]{20,}$/
/** Pixels a module. Of each 1,400 codes the decoder cannot read one at the first size: as with a camera, another distance helps. */
const SCALES = [4, 5, 7, 3]
const RGBA = 4
const PATIENCE_MS = 2000

/** Reads the QR codes that are drawn in half blocks, light on dark, among other text. */
export function readTerminalQrs(output: string): string[] {
  return drawingsIn(output).map(readDrawing)
}

function readDrawing(drawing: readonly string[]): string {
  const errors: unknown[] = []
  for (const scale of SCALES) {
    try {
      return decodeQr(pixelsOf(drawing, scale), { timeLimit: PATIENCE_MS })
    } catch (error) {
      errors.push(error)
    }
  }
  throw new AggregateError(errors, 'the drawing cannot be read as a QR code')
}

function drawingsIn(output: string): string[][] {
  const drawings: string[][] = []
  let current: string[] = []
  for (const line of [...output.split('\n'), '']) {
    if (DRAWN_LINE.test(line)) current.push(line)
    else if (current.length > 0) {
      drawings.push(current)
      current = []
    }
  }
  return drawings
}

function pixelsOf(
  drawing: readonly string[],
  scale: number,
): { width: number; height: number; data: Uint8Array } {
  const modules = drawing.flatMap(line => [
    Array.from(line, block => block === '█' || block === '▀'),
    Array.from(line, block => block === '█' || block === '▄'),
  ])
  const width = (modules[0]?.length ?? 0) * scale
  const height = modules.length * scale
  const data = new Uint8Array(width * height * RGBA)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const light = modules[Math.floor(y / scale)]?.[Math.floor(x / scale)] === true
      data.fill(light ? 255 : 0, (y * width + x) * RGBA, (y * width + x + 1) * RGBA)
    }
  return { width, height, data }
}
