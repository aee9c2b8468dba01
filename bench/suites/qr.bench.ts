import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import type * as QrCode from 'qrcode'
import { qrcodePainter } from 'fido-hybrid/adapters/qrcode'
import { nodeCryptoProvider } from 'fido-hybrid/adapters/node-crypto'
import {
  decodeDigits,
  decodeQrPayload,
  decodeQrUrl,
  encodeDigits,
  encodeQrPayload,
  encodeQrUrl,
  qrSecret,
} from 'fido-hybrid/wire'
import type { BenchContext, Suite } from '../harness/group.js'

const qrcode = createRequire(import.meta.url)('qrcode') as typeof QrCode

const LEVEL = { errorCorrectionLevel: 'L', margin: 4 } as const
const PAYLOAD = {
  publicKey: nodeCryptoProvider.generateEcdhKey().publicKey,
  secret: qrSecret(new Uint8Array(randomBytes(16))),
  knownTunnelServices: 2,
  time: 1_764_000_000,
  supportsLinking: false,
  requestType: 'mc',
} as const
const BYTES = encodeQrPayload(PAYLOAD)
const DIGITS = encodeDigits(BYTES)
const TEXT = encodeQrUrl(PAYLOAD)

/** The QR code: its digits, its payload, and the picture. */
export const measure: Suite = async context => {
  await measureText(context)
  await measureDrawing(context)
}

async function measureText(context: BenchContext): Promise<void> {
  await context.group({
    name: 'text',
    title: `Text of a QR code (${BYTES.length} B, ${DIGITS.length} digits)`,
    variants: [
      { name: 'digits of bytes', run: () => encodeDigits(BYTES) },
      { name: 'digits of bytes, plain BigInt', run: () => plainDigits(BYTES) },
      { name: 'bytes of digits', run: () => decodeDigits(DIGITS) },
      { name: 'payload written', run: () => encodeQrPayload(PAYLOAD) },
      { name: 'payload read', run: () => decodeQrPayload(BYTES) },
      { name: 'whole text read', run: () => decodeQrUrl(TEXT) },
    ],
    claims: [{ of: 'digits of bytes', against: 'digits of bytes, plain BigInt' }],
  })
}

const CHUNK_BYTES = 7
const DIGITS_OF_BYTES = [0, 3, 5, 8, 10, 13, 15, 17]

function plainDigits(bytes: Uint8Array): string {
  let digits = ''
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
    const chunk = bytes.slice(start, start + CHUNK_BYTES)
    const value = BigInt(`0x${Buffer.from(chunk).reverse().toString('hex')}`)
    digits += value.toString().padStart(DIGITS_OF_BYTES[chunk.length] ?? 0, '0')
  }
  return digits
}

/** The library alone, with the two segments that it finds by itself given to it. */
async function measureDrawing(context: BenchContext): Promise<void> {
  const segments: QrCode.QRCodeSegment[] = [
    { data: TEXT.slice(0, -DIGITS.length), mode: 'alphanumeric' },
    { data: DIGITS, mode: 'numeric' },
  ]
  const drawn = (options: QrCode.QRCodeToStringOptions) => (): void =>
    qrcode.toString(segments, { ...LEVEL, ...options }, () => undefined)
  const [terminal, svg, png] = ['terminal', 'SVG', 'PNG']
  const bare = (what: string): string => `${what}, bare qrcode`
  await context.group({
    name: 'drawing',
    title: 'Drawing a QR code',
    variants: [
      { name: terminal, run: () => qrcodePainter.toTerminal(TEXT) },
      { name: bare(terminal), run: drawn({ type: 'utf8' }) },
      { name: svg, run: () => qrcodePainter.toSvg(TEXT) },
      { name: bare(svg), run: drawn({ type: 'svg' }) },
      { name: png, run: () => qrcodePainter.toPng(TEXT) },
      { name: bare(png), run: () => qrcode.toBuffer(segments, { ...LEVEL, scale: 6 }) },
    ],
    claims: [terminal, svg, png].map(what => ({ of: what, against: bare(what) })),
  })
}
