import { writeFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { readQrPicture } from '../../src/adapters/qr-picture/qr-picture.js'
import { blankPng } from '../support/png-picture.js'
import type { PngPlan } from '../support/png-picture.js'
import { Program } from '../support/program.js'
import { useFolderPerTest } from '../support/test-folder.js'

const folder = useFolderPerTest()

const READ = /^no QR code was found/
const TOO_LARGE = /unpacks to \d+ bytes; the limit is 33554432/
const DAMAGED = /not a PNG picture, or it is damaged/
const TOO_WIDE = /4097 x 1 pixels; the limit is 4096/

async function outcomeOf(png: Buffer): Promise<string> {
  return readQrPicture(png).then(
    ({ text }) => text,
    (error: unknown) => (error instanceof Error ? error.message : ''),
  )
}

const bytes = (length: number): Uint8Array => new Uint8Array(length)
const times = (count: number): [string, Uint8Array][] =>
  Array.from({ length: count }, (): [string, Uint8Array] => ['teXt', bytes(0)])
const SMALL = { width: 8, height: 8 }

const CASES: readonly (readonly [name: string, plan: PngPlan, outcome: RegExp])[] = [
  // 4096 pixels and the filter byte are 8 * 4096 + 1 bytes a row: 1023 rows are below 32 MiB, 1024 above.
  ['16-bit RGBA, a row below the limit', { width: 4096, height: 1023, depth: 16 }, READ],
  ['16-bit RGBA, a row above the limit', { width: 4096, height: 1024, depth: 16 }, TOO_LARGE],
  // One bit a pixel: RGBA is the larger. 2048 * 4096 * 4 is 32 MiB.
  ['1-bit grey, one row below the limit', { width: 4096, height: 2047, depth: 1, colorType: 0 }, READ],
  ['1-bit grey at the limit', { width: 4096, height: 2048, depth: 1, colorType: 0 }, READ],
  ['1-bit grey, one row above the limit', { width: 4096, height: 2049, depth: 1, colorType: 0 }, TOO_LARGE],
  ['a screen of 3840 x 2160', { width: 3840, height: 2160 }, READ],
  ['16-bit RGBA, the largest sides', { width: 4096, height: 4096, depth: 16 }, TOO_LARGE],
  ['a side at its limit', { width: 4096, height: 1 }, READ],
  ['a side above its limit', { width: 4097, height: 1 }, TOO_WIDE],
  ['a colour type that there is not', { ...SMALL, colorType: 5 }, DAMAGED],
  ['a full palette', { ...SMALL, colorType: 3, chunks: [['PLTE', bytes(768)]] }, READ],
  ['a palette above its limit', { ...SMALL, colorType: 3, chunks: [['PLTE', bytes(771)]] }, DAMAGED],
  ['two palettes', { ...SMALL, chunks: [['PLTE', bytes(3)], ['PLTE', bytes(3)]] }, DAMAGED], // prettier-ignore
  ['transparency at its limit', { ...SMALL, colorType: 3, chunks: [['PLTE', bytes(768)], ['tRNS', bytes(256)]] }, READ], // prettier-ignore
  ['transparency above its limit', { ...SMALL, chunks: [['tRNS', bytes(257)]] }, DAMAGED],
  // Header, pixels and end are three.
  ['chunks one below their limit', { ...SMALL, chunks: times(4092) }, READ],
  ['chunks at their limit', { ...SMALL, chunks: times(4093) }, READ],
  ['chunks above their limit', { ...SMALL, chunks: times(4094) }, DAMAGED],
]

test.each(CASES)('a picture with %s', async (_, plan, outcome) => {
  expect(await outcomeOf(blankPng(plan))).toMatch(outcome)
})

describe('the memory that a picture takes, in a process of its own', () => {
  const bomb = (type: string): PngPlan => ({ ...SMALL, chunks: [[type, bytes(8 * 1024 * 1024 - 1000)]] })
  test.each<readonly [string, PngPlan, number]>([
    ['refused at its header: 128 MiB of pixels', { width: 4096, height: 4096, depth: 16 }, 16],
    ['refused before it is read: a palette of 8 MiB', bomb('PLTE'), 16],
    ['skipped: a colour profile of 8 MiB', bomb('iCCP'), 32],
    ['skipped: a text of 8 MiB', bomb('zTXt'), 32],
    ['read: the largest picture', { width: 4096, height: 2048 - 1 }, 160],
    ['read: the largest picture of 16 bits', { width: 4096, height: 1023, depth: 16 }, 160],
  ])('%s', async (_, plan, mebibytes) => {
    await writeFile(folder.at('picture.png'), blankPng(plan))
    const program = new Program('test/support/scanned-picture.ts', { args: [folder.at('picture.png')] })
    const { stdout } = await program.ending()
    const { grownMiB } = JSON.parse(stdout) as { grownMiB: number }
    expect(grownMiB).toBeLessThan(mebibytes)
  })
})
