import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { BtvirtController } from './btvirt-controller.js'
import { TemporaryFolder } from './temporary-folder.js'

const STUB = fileURLToPath(new URL('af-alg-stub.c', import.meta.url))
/** Older versions know no TMPDIR. */
const SOCKETS = [join(tmpdir(), 'bt-server-le'), '/tmp/bt-server-le']
const START_ATTEMPTS = 200
const ATTEMPT_MS = 25

/** BlueZ’s emulator: everyone who connects to its socket has a controller, and controllers hear each other. */
export class Btvirt {
  /** Where it listens; `btvirt` can be run once at a time. */
  readonly socket: string
  readonly #process: ChildProcess

  private constructor(process: ChildProcess, socket: string) {
    this.#process = process
    this.socket = socket
  }

  /** Needs `btvirt` (Debian: bluez-test-tools), and a C compiler where the kernel has no AF_ALG. */
  static async start(): Promise<Btvirt> {
    const plain = await launch({})
    if (plain !== undefined) return new Btvirt(...plain)
    const folder = await TemporaryFolder.create()
    try {
      const stub = folder.at('af-alg-stub.so')
      await promisify(execFile)('cc', ['-shared', '-fPIC', '-o', stub, STUB, '-ldl'])
      const stubbed = await launch({ LD_PRELOAD: stub })
      if (stubbed === undefined) throw new Error('btvirt gives nobody a controller')
      return new Btvirt(...stubbed)
    } finally {
      await folder.remove()
    }
  }

  controller(): Promise<BtvirtController> {
    return BtvirtController.open(this.socket)
  }

  /** Takes all controllers away. */
  async stop(): Promise<void> {
    await end(this.#process)
    await rm(this.socket, { force: true })
  }
}

/** Undefined when it runs but gives us no controller. */
async function launch(env: NodeJS.ProcessEnv): Promise<[ChildProcess, string] | undefined> {
  for (const socket of SOCKETS) await rm(socket, { force: true })
  const process_ = spawn('btvirt', ['-s'], { env: { ...process.env, ...env }, stdio: 'ignore' })
  await once(process_, 'spawn')
  const [socket, controller] = await firstController(process_)
  const usable = await controller.answers()
  controller.close()
  if (usable) return [process_, socket]
  await end(process_)
  return undefined
}

/** The emulator says nothing when it listens, and its socket is there some moments before that. */
async function firstController(process_: ChildProcess): Promise<[string, BtvirtController]> {
  let failure: unknown
  for (let attempt = 0; attempt < START_ATTEMPTS && process_.exitCode === null; attempt++) {
    const socket = SOCKETS.find(existsSync)
    if (socket !== undefined) {
      try {
        return [socket, await BtvirtController.open(socket)]
      } catch (error) {
        failure = error
      }
    }
    await setTimeout(ATTEMPT_MS)
  }
  throw new Error('btvirt does not listen', { cause: failure })
}

async function end(process_: ChildProcess): Promise<void> {
  if (process_.exitCode !== null || process_.signalCode !== null) return
  const exited = once(process_, 'exit')
  process_.kill()
  await exited
}
