import { deflateSync, crc32 } from 'node:zlib'

/** What a PNG picture is made of. */
export interface PngPlan {
  readonly width: number
  readonly height: number
  /** Bits a sample; 8 unless given. */
  readonly depth?: number
  /** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA, which it is unless given. */
  readonly colorType?: number
  /** Between header and pixels. */
  readonly chunks?: readonly (readonly [type: string, data: Uint8Array])[]
}

const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }

/** A whole picture whose pixels are all zero: small, whatever it unpacks to. */
export function blankPng({ width, height, depth = 8, colorType = 6, chunks = [] }: PngPlan): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([depth, colorType], 8)
  const row = 1 + Math.ceil((width * depth * (SAMPLES[colorType] ?? 1)) / 8)
  const pixels = deflateSync(Buffer.alloc(row * height))
  const all = [['IHDR', header], ...chunks, ['IDAT', pixels], ['IEND', Buffer.alloc(0)]] as const
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    ...all.map(([type, data]) => chunk(type, data)),
  ])
}

function chunk(type: string, data: Uint8Array): Buffer {
  const content = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  check.writeUInt32BE(crc32(content))
  return Buffer.concat([length, content, check])
}
