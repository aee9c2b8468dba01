import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const ALLOW_ALL = '<allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/>'

/** A real dbus-daemon of our own. */
export interface PrivateBus {
  readonly address: string
  /** Settles when the daemon has ended; safe to call twice. */
  stop(): Promise<void>
}

/**
 * Starts the dbus-daemon of this machine with a configuration in a folder of its own.
 * @param policy what it allows, in its own XML; everything unless given.
 */
export async function startPrivateBus(policy: string = ALLOW_ALL): Promise<PrivateBus> {
  const folder = await mkdtemp(join(tmpdir(), 'fido-hybrid-bus-'))
  const configuration = join(folder, 'bus.conf')
  await writeFile(configuration, configurationOf(join(folder, 'socket'), policy))
  const daemon = spawn('dbus-daemon', ['--config-file', configuration, '--nofork', '--print-address'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const address = await firstLine(daemon)
  const kill = (): boolean => daemon.kill('SIGKILL')
  process.once('exit', kill)
  return {
    address,
    async stop() {
      process.off('exit', kill)
      const ended = daemon.exitCode === null && daemon.signalCode === null ? once(daemon, 'exit') : undefined
      kill()
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function firstLine(daemon: ChildProcess): Promise<string> {
  const { stdout, stderr } = daemon
  if (stdout === null || stderr === null) throw new Error('dbus-daemon has no output')
  let complaints = ''
  stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text))
  const missing = once(daemon, 'error').then(([cause]) => {
    throw new Error('these tests run a real dbus-daemon: install the Debian package dbus', { cause })
  })
  const ended = once(daemon, 'close').then(([code]) => {
    throw new Error(`dbus-daemon ended with ${String(code)}: ${complaints}`)
  })
  // Only the first to come counts.
  for (const other of [missing, ended]) other.catch(() => undefined)
  const lines = createInterface({ input: stdout })
  const line: Promise<unknown[]> = once(lines, 'line')
  line.catch(() => undefined)
  const [address] = await Promise.race([line, missing, ended])
  return String(address)
}

function configurationOf(socket: string, policy: string): string {
  return `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=${socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">${policy}</policy>
</busconfig>
`
}
