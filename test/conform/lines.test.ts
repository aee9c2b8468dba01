import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { onLines } from '../../src/conform/lines.js'

const MIB = 1024 * 1024

async function linesOf(...chunks: readonly string[]): Promise<string[]> {
  const stream = new PassThrough()
  const lines: string[] = []
  onLines(stream, line => lines.push(line))
  for (const chunk of chunks) stream.write(chunk)
  stream.end()
  await new Promise(resolve => stream.on('close', resolve))
  return lines
}

test('lines come whole, however they were written', async () => {
  expect(await linesOf('a', 'b\nc\n\n', 'd')).toEqual(['ab', 'c', '', 'd'])
})

test('a line of a mebibyte comes whole', async () => {
  const line = 'a'.repeat(MIB)
  expect(await linesOf(line, '\nb\n')).toEqual([line, 'b'])
})

test('a line of more than a mebibyte comes cut, and the next one whole', async () => {
  const line = 'a'.repeat(MIB + 1)
  expect(await linesOf(line, 'a', line, '\nb\n')).toEqual(['a'.repeat(MIB), 'b'])
})
