import { PNG } from 'pngjs'
import { decodeQR } from 'qr/decode.js'
import * as reference from 'qrcode'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { qrcodePainter } from '../../src/adapters/qrcode/qrcode.js'
import { qrSymbol } from '../../src/adapters/qrcode/draw-symbol.js'

const fidoText = (digits: number): string => `FIDO:/${'0123456789'.repeat(40).slice(0, digits)}`

/** The same text as another encoder has it, with whatever mask it would take. */
function drawnByOther(text: string, maskPattern?: number): { size: number; modules: Uint8Array } {
  const [, head = '', digits = ''] = /^(.*?)([0-9]*)$/s.exec(text) ?? []
  const segments = [
    ...(head === ''
      ? []
      : [
          /^[0-9A-Z $%*+\-./:]*$/.test(head)
            ? { data: head, mode: 'alphanumeric' as const }
            : { data: new TextEncoder().encode(head), mode: 'byte' as const },
        ]),
    ...(digits === '' ? [] : [{ data: digits, mode: 'numeric' as const }]),
  ]
  const options = {
    errorCorrectionLevel: 'L',
    ...(maskPattern === undefined ? {} : { maskPattern }),
  } as const
  const { modules } = reference.create(
    segments as reference.QRCodeSegment[],
    options as reference.QRCodeOptions,
  )
  return { size: modules.size, modules: Uint8Array.from(modules.data) }
}

function isOneOfTheMasks(text: string): boolean {
  const ours = qrSymbol(text)
  return [0, 1, 2, 3, 4, 5, 6, 7].some(mask => {
    const { size, modules } = drawnByOther(text, mask)
    return size === ours.size && Buffer.compare(modules, ours.modules) === 0
  })
}

async function readBack(text: string): Promise<string> {
  const { width, height, data } = PNG.sync.read(Buffer.from(await qrcodePainter.toPng(text)))
  return decodeQR({ width, height, data: new Uint8Array(data) })
}

describe('a QR code', () => {
  test.each([0, 1, 2, 3, 34, 70, 150, 170, 180, 190, 231, 308].map(fidoText))(
    'of %s is what another encoder draws',
    text => {
      expect(isOneOfTheMasks(text)).toBe(true)
    },
  )
  test.each(['a', 'https://example.com', 'HTTPS://EXAMPLE.COM', '0', 'ß✓', 'A1', 'x'.repeat(134)])(
    'of %s is what another encoder draws',
    text => {
      expect(isOneOfTheMasks(text)).toBe(true)
    },
  )

  test('has the mask of least penalty, as another encoder sees it', () => {
    const texts = [150, 160, 170, 180, 190].map(fidoText)
    const same = texts.filter(
      text => Buffer.compare(drawnByOther(text).modules, qrSymbol(text).modules) === 0,
    )
    expect(same).toEqual(texts)
  })

  test.each([
    [41, 21],
    [42, 25],
  ])('of %i digits has %i modules a side', (digits, size) => {
    expect(qrSymbol('1'.repeat(digits)).size).toBe(size)
  })

  test('of more text than version 6 takes is refused', () => {
    expect(() => qrcodePainter.toSvg(fidoText(309))).toThrow(
      expect.objectContaining({ code: 'argument-invalid' }),
    )
  })

  test.each([4, 5, 180])(
    'in a terminal, of %i digits, is what another encoder draws for a dark one',
    async count => {
      const text = '1'.repeat(count)
      const color = { dark: '#ffffff', light: '#000000' }
      const options = { errorCorrectionLevel: 'L', margin: 4, type: 'utf8', color } as const
      expect(qrcodePainter.toTerminal(text)).toBe(await reference.toString(text, options))
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
