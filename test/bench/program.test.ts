import { expect, test } from 'vitest'
import { startProgram } from '../../bench/harness/program.js'

test('a program answers one question after the other until it is hung up on', async () => {
  // It answers what it is asked.
  const program = startProgram('cat', { timeLimitMs: 30_000 })
  expect(await program.ask({ ask: '7' })).toBe(7)
  expect(await program.ask({ ask: '8' })).toBe(8)
  await program.end()
  await expect(program.ask({ ask: '9' })).rejects.toThrow('ended before it answered “9”')
})

test('a program that ends by itself is told', async () => {
  const program = startProgram('true', { timeLimitMs: 30_000 })
  await expect(program.ask({ ask: 'port' })).rejects.toThrow('ended before it answered “port”')
  await program.end()
})

test('a program that does not answer is killed after its time', async () => {
  const program = startProgram('yes', { timeLimitMs: 30_000 })
  await program.end()
  const silent = startProgram('tail', { timeLimitMs: 100 })
  await expect(silent.ask({ ask: 'port' })).rejects.toThrow('out of time')
})
