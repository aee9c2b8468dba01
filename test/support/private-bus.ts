import { startBus } from '../../src/page/dialog/private-bus.js'
import { TemporaryFolder } from './temporary-folder.js'

/** A real dbus-daemon of our own. */
export interface PrivateBus {
  readonly address: string
  /** Settles when the daemon has ended; safe to call twice. */
  stop(): Promise<void>
}

/** Starts the dbus-daemon of this machine. @param policy what it allows, in its own XML; everything unless given. */
export async function startPrivateBus(policy?: string): Promise<PrivateBus> {
  const folder = await TemporaryFolder.create()
  const daemon = await startBus(folder.path, policy)
  const kill = (): void => daemon.kill()
  process.once('exit', kill)
  return {
    address: daemon.said,
    async stop() {
      process.off('exit', kill)
      await daemon.stop()
      await folder.remove()
    },
  }
}
