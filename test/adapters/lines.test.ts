import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { lineAdvertiser, stdinScanner } from '../../src/adapters/air/lines.js'
import { airProbe } from '../support/air-probe.js'

/** Scans a stream and hears what the chunks give. */
async function scanned(...chunks: readonly (string | Buffer)[]): Promise<readonly string[]> {
  const source = new PassThrough()
  const probe = airProbe()
  const scan = stdinScanner(source).scan(probe)
  for (const chunk of chunks) source.write(chunk)
  source.write('fff9 ff\n')
  const words: string[] = []
  while (words.at(-1) !== 'fff9 ff') words.push(await probe.next())
  await scan.stop()
  return words.slice(1, -1)
}

describe('stdinScanner', () => {
  it('is marked as simulated', () => {
    expect(stdinScanner(new PassThrough()).proximity).toBe('simulated')
  })

  it.each<[string, readonly string[], readonly string[]]>([
    ['one line', ['fff9 0102\n'], ['fff9 0102']],
    ['both UUIDs', ['fff9 01\nfde2 02\n'], ['fff9 01', 'fde2 02']],
    ['either case', ['FFF9 ABcd\n'], ['fff9 abcd']],
    ['spaces and line ends of other systems', ['  fff9 \t 01 \r\n'], ['fff9 01']],
    ['a line in pieces', ['ff', 'f9 0', '1\nfff9', ' 02\n'], ['fff9 01', 'fff9 02']],
    [
      'nothing in malformed lines',
      ['\nfff9\nfff9 \nfff9 0\nfff9 0g\nfff8 01\nfff9 01 02\nfff901\n{"a":1}\n'],
      [],
    ],
    ['nothing in a line that is too long', [`fff9 ${'00'.repeat(2100)}\n`], []],
    [
      'nothing in one that is too long in pieces',
      ['fff9 ', '00'.repeat(2100), '00'.repeat(9000), '\nfff9 01\n'],
      ['fff9 01'],
    ],
    ['an extended advert', [`fff9 ${'00'.repeat(1650)}\n`], [`fff9 ${'00'.repeat(1650)}`]],
  ])('hears %s', async (_name, chunks, words) => {
    expect(await scanned(...chunks)).toEqual(words)
  })

  it('goes on after bytes that are not text', async () => {
    expect(await scanned(Buffer.from([0xff, 0xfe, 0x0a]), 'fff9 01\n')).toEqual(['fff9 01'])
  })

  it('hears nothing more once stopped, even within a chunk', async () => {
    const source = new PassThrough()
    const probe = airProbe()
    const scan = stdinScanner(source).scan({
      ...probe,
      advert: report => {
        probe.advert(report)
        void scan.stop()
      },
    })
    source.write('fff9 01\nfff9 02\n')
    expect(await probe.next()).toBe('started')
    expect(await probe.next()).toBe('fff9 01')
    await scan.stop()
    expect(probe.seen).toHaveLength(2)
    expect(source.isPaused()).toBe(true)
    expect(source.listenerCount('data')).toBe(0)
  })

  it('can be stopped while starting', async () => {
    const source = new PassThrough()
    const probe = airProbe()
    await stdinScanner(source).scan(probe).stop()
    await Promise.resolve()
    expect(probe.seen).toEqual([])
    expect(source.listenerCount('data')).toBe(0)
  })

  it('fails when the stream does', async () => {
    const source = new PassThrough()
    const probe = airProbe()
    stdinScanner(source).scan(probe)
    expect(await probe.next()).toBe('started')
    source.destroy(new Error('broken'))
    expect(await probe.next()).toBe('failed ble-scan-failed')
  })

  it('is silent after the end', async () => {
    const source = new PassThrough()
    const probe = airProbe()
    const scan = stdinScanner(source).scan(probe)
    source.end('fff9 01\n')
    expect(await probe.next()).toBe('started')
    expect(await probe.next()).toBe('fff9 01')
    await scan.stop()
    expect(probe.seen).toHaveLength(2)
  })
})

describe('lineAdvertiser', () => {
  it('writes one line and has started', async () => {
    const lines: string[] = []
    const probe = airProbe()
    const advertisement = lineAdvertiser(line => lines.push(line)).advertise(Uint8Array.of(1, 255), probe)
    expect(lines).toEqual([])
    expect(await probe.next()).toBe('started')
    expect(lines).toEqual(['{"event":"advert","uuid":"fff9","data":"01ff"}'])
    await advertisement.stop()
    await advertisement.stop()
    expect(lines).toHaveLength(1)
  })

  it('can be stopped while starting', async () => {
    const lines: string[] = []
    const probe = airProbe()
    await lineAdvertiser(line => lines.push(line))
      .advertise(Uint8Array.of(1), probe)
      .stop()
    await Promise.resolve()
    expect([lines, probe.seen]).toEqual([[], []])
  })

  it('fails when the line cannot be written', async () => {
    const probe = airProbe()
    lineAdvertiser(() => {
      throw new Error('EPIPE')
    }).advertise(Uint8Array.of(1), probe)
    expect(await probe.next()).toBe('failed advertise-failed')
  })
})
