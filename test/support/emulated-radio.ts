import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, vi } from 'vitest'
import { Btvirt } from './btvirt.js'

const NATIVE = fileURLToPath(new URL('../native', import.meta.url))
const HCI_SOCKET = createRequire(import.meta.url).resolve('./hci-socket-over-unix.cjs')

/** The emulator that a test file has running. */
export interface EmulatedRadio {
  readonly btvirt: Btvirt
  /** Takes all adapters away, also those in use. */
  readonly remove: () => Promise<void>
  /** Switches all adapters off. */
  readonly switchOff: () => void
  /** From now on nobody may use an adapter. */
  readonly deny: () => void
  /** The emulator runs and nobody is denied. */
  readonly restore: () => Promise<void>
}

/** Call it at the top of a test file: from then on noble and bleno are the real ones, on adapters of the emulator. */
export function useEmulatedRadio(): EmulatedRadio {
  const switchedOff = join(tmpdir(), `hci-switched-off-${process.pid}`)
  let btvirt: Btvirt | undefined
  async function restore(): Promise<void> {
    btvirt ??= await Btvirt.start()
    vi.stubEnv('BTVIRT_SOCKET', btvirt.socket)
    vi.stubEnv('HCI_SOCKET_DENIES', undefined)
    rmSync(switchedOff, { force: true })
  }
  async function remove(): Promise<void> {
    await btvirt?.stop()
    btvirt = undefined
  }
  beforeAll(() => {
    if (!existsSync(`${NATIVE}/node_modules`))
      throw new Error(`run npm ci --ignore-scripts --prefix ${NATIVE}`)
    vi.stubEnv('NODE_PATH', `${NATIVE}/node_modules`)
    vi.stubEnv('HCI_SWITCHED_OFF', switchedOff)
    vi.stubEnv('NODE_OPTIONS', `--require ${HCI_SOCKET}`)
  })
  beforeEach(restore)
  afterAll(async () => {
    await remove()
    rmSync(switchedOff, { force: true })
    vi.unstubAllEnvs()
  })
  return {
    get btvirt() {
      if (btvirt === undefined) throw new Error('the emulator does not run')
      return btvirt
    },
    switchOff: () => {
      writeFileSync(switchedOff, '')
    },
    deny: () => {
      vi.stubEnv('HCI_SOCKET_DENIES', '1')
    },
    remove,
    restore,
  }
}
