import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { TemporaryFolder } from './temporary-folder.js'

/** Writes one file after another for a moment, and says when it has begun. */
const WRITER = `
  const { writeFileSync } = require('node:fs')
  const pause = new Int32Array(new SharedArrayBuffer(4))
  for (let count = 0; count < 500; count++) {
    writeFileSync(process.argv[1] + '/' + count, '')
    if (count === 0) console.log('writing')
    Atomics.wait(pause, 0, 0, 0.2)
  }`

describe('a temporary folder', () => {
  it('is removed though a process still writes into it for a moment', async () => {
    const folder = await TemporaryFolder.create()
    const args = ['--eval', WRITER, folder.path]
    const writer = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] })
    const ended = once(writer, 'exit')
    await once(writer.stdout, 'data')
    await folder.remove()
    await ended
    expect(existsSync(folder.path)).toBe(false)
  })

  it('may be gone already', async () => {
    const folder = await TemporaryFolder.create()
    await folder.remove()
    await expect(folder.remove()).resolves.toBeUndefined()
  })
})
