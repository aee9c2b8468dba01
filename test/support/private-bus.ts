import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startBus } from '../../src/page/dialog/private-bus.js'

/** A real dbus-daemon of our own. */
export interface PrivateBus {
  readonly address: string
  /** Settles when the daemon has ended; safe to call twice. */
  stop(): Promise<void>
}

/** Starts the dbus-daemon of this machine. @param policy what it allows, in its own XML; everything unless given. */
export async function startPrivateBus(policy?: string): Promise<PrivateBus> {
  const folder = await mkdtemp(join(tmpdir(), 'fido-hybrid-bus-'))
  const daemon = await startBus(folder, policy)
  const kill = (): void => daemon.kill()
  process.once('exit', kill)
  return {
    address: daemon.said,
    async stop() {
      process.off('exit', kill)
      await daemon.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
