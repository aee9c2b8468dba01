import { PNG } from 'pngjs'
import { decodeQR } from 'qr/decode.js'
import { toString as drawnByPackage } from 'qrcode'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { qrcodePainter } from '../../src/adapters/qrcode/qrcode.js'
import { qrSymbol } from '../../src/adapters/qrcode/symbol.js'

const fidoText = (digits: number): string => `FIDO:/${'0123456789'.repeat(40).slice(0, digits)}`

async function readBack(text: string): Promise<string> {
  const { width, height, data } = PNG.sync.read(Buffer.from(await qrcodePainter.toPng(text)))
  return decodeQR({ width, height, data: new Uint8Array(data) })
}

describe('a QR code', () => {
  // `FIDO:/` takes 46 bits, the head of the digits 14, three digits 10: version 1 at level L has 152, version 4 has 640.
  test.each([
    [27, 21],
    [28, 25],
    [174, 33],
    [175, 37],
  ])('of FIDO:/ and %i digits has %i modules a side', (digits, size) => {
    expect(qrSymbol(fidoText(digits)).size).toBe(size)
  })

  test.each([7089, 7090])('of %i digits: 7089 fit', digits => {
    const draw = (): unknown => qrcodePainter.toSvg('1'.repeat(digits))
    if (digits === 7089) expect(draw()).toContain('<svg')
    else expect(draw).toThrow(expect.objectContaining({ code: 'argument-invalid' }))
  })

  test.each([4, 5, 180])(
    'in a terminal, of %i digits, is what the package draws for a dark one',
    async count => {
      const text = '1'.repeat(count)
      const color = { dark: '#ffffff', light: '#000000' }
      const options = { errorCorrectionLevel: 'L', margin: 4, type: 'utf8', color } as const
      expect(qrcodePainter.toTerminal(text)).toBe(await drawnByPackage(text, options))
    },
  )

  test('as SVG has a stroke for each run of dark modules', () => {
    const svg = qrcodePainter.toSvg('A')
    const { size, modules } = qrSymbol('A')
    const dark = new Uint8Array(size * size)
    for (const [, from, row, length] of svg.matchAll(/M(\d+) (\d+)\.5h(\d+)/g)) {
      const start = (Number(row) - 4) * size + Number(from) - 4
      dark.fill(1, start, start + Number(length))
    }
    expect(svg).toContain(`viewBox="0 0 ${size + 8} ${size + 8}"`)
    expect(dark).toEqual(modules)
  })

  test('is read as the text that was written', async () => {
    await fc.assert(
      fc.asyncProperty(fc.stringMatching(/^FIDO:\/[0-9]{1,300}$/), async text => {
        expect(await readBack(text)).toBe(text)
      }),
      { numRuns: 20 },
    )
  })
})
