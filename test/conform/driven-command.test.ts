import { afterEach, expect, test } from 'vitest'
import { DrivenCommand } from '../../src/conform/driven-command.js'
import { Timeline } from '../../src/conform/timeline.js'

let command: DrivenCommand | undefined

afterEach(() => command?.stop())

/** Starts a program of Node in one line. */
function start(program: string, timeline: Timeline = new Timeline()): DrivenCommand {
  command = new DrivenCommand([process.execPath, '-e', program], {}, timeline)
  return command
}

/** Waits for a line ERROR, with which these programs say that they are ready. */
function ready(driven: DrivenCommand): Promise<string> {
  return new Promise(resolve => {
    driven.onLine(line => {
      if (line.kind === 'error') resolve(line.text)
    })
  })
}

test('the first RESULT or ERROR counts, and the exit status is kept', async () => {
  const driven = start(`console.log('ERROR a'); console.log('RESULT {}'); process.exitCode = 3`)
  await driven.gone
  expect(driven.end).toEqual({ said: { kind: 'error', text: 'a' }, exit: { code: 3, signal: null } })
})

test('a command that cannot be started has ended without a word', async () => {
  const timeline = new Timeline()
  command = new DrivenCommand(['/nowhere/at-all'], {}, timeline)
  await command.gone
  expect(command.end).toEqual({ said: undefined, exit: { code: null, signal: null } })
  expect(timeline.moments.at(-1)?.text).toContain('cannot be started')
})

test('what ignores SIGTERM is killed, with what it has started', async () => {
  const driven = start(`
    process.on('SIGTERM', () => undefined)
    const child = require('node:child_process').spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => 0); console.log("ERROR " + process.pid); setInterval(() => 0, 1000)'], { stdio: 'inherit' })
    setInterval(() => child, 1000)`)
  const child = Number(await ready(driven))
  await driven.stop()
  expect(driven.end.exit?.signal).toBe('SIGKILL')
  await expect.poll(() => isAlive(child), { timeout: 10_000 }).toBe(false)
})

test('an output that is held by what left the group does not hold up the end', async () => {
  const driven = start(`
    const child = require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => 0, 20000)'], { stdio: 'inherit', detached: true })
    child.unref()
    console.log('ERROR ' + child.pid)`)
  const child = Number(await ready(driven))
  await driven.gone
  process.kill(child, 'SIGKILL')
  expect(driven.end.exit).toEqual({ code: 0, signal: null })
})

test('lines reach who listens late, and stdin reaches the command', async () => {
  const driven = start(`process.stdin.on('data', data => { console.log('ERROR ' + data); process.exit() })`)
  driven.write('ADVERT fff9 00')
  await driven.gone
  expect(await ready(driven)).toBe('ADVERT fff9 00')
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
