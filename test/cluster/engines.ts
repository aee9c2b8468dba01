import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { untilListening } from '../../bench/harness/ports.js'
import { freePort } from '../../src/conform/service/free-port.js'
import { TemporaryFolder } from '../support/temporary-folder.js'

/** The engine of a directory in a process of its own. */
export interface RunningEngine {
  readonly port: number
  /** Kills it. */
  stop(): Promise<void>
  /** Runs it again, at the same port with the same files. */
  start(): Promise<void>
  /** Stops it and removes its files. */
  close(): Promise<void>
}

/** How an engine is run. */
type Arguments = (port: number, folder: string) => readonly string[]

const NATS: Arguments = (port, folder) => ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', folder]
const REDIS: Arguments = (port, folder) =>
  `--bind 127.0.0.1 --port ${port} --dir ${folder} --appendonly yes --appendfsync always --save`
    .split(' ')
    .concat('')

/** Whether the Debian package of this program is there; says so if it is not. */
export function hasEngine(program: 'nats-server' | 'redis-server'): boolean {
  const isThere = spawnSync(program, ['--version']).error === undefined
  if (!isThere)
    process.stderr.write(
      `No ${program}: its directory is not tested. test/cluster/install-packages.sh installs the Debian package.\n`,
    )
  return isThere
}

/** @param more arguments, such as a password. */
export const runNats = (...more: readonly string[]): Promise<RunningEngine> => run('nats-server', NATS, more)
export const runNatsWithoutJetStream = (): Promise<RunningEngine> =>
  run('nats-server', port => ['-a', '127.0.0.1', '-p', String(port)], [])
export const runRedis = (...more: readonly string[]): Promise<RunningEngine> =>
  run('redis-server', REDIS, more)

async function run(program: string, given: Arguments, more: readonly string[]): Promise<RunningEngine> {
  const folder = await TemporaryFolder.create()
  const port = await freePort()
  let child: ChildProcess | undefined
  const stop = async (): Promise<void> => {
    if (child === undefined) return
    const ended = once(child, 'close')
    child.kill('SIGKILL')
    child = undefined
    await ended
  }
  const start = async (): Promise<void> => {
    const running = spawn(program, [...given(port, folder.path), ...more], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child = running
    let told = ''
    for (const stream of [running.stdout, running.stderr])
      stream.on('data', (chunk: Buffer) => (told = (told + chunk.toString()).slice(-2000)))
    const hasEnded = once(running, 'close').then(() => {
      throw new Error(`${program} ended: ${told}`)
    })
    hasEnded.catch(() => undefined)
    await Promise.race([hasEnded, untilListening(port)])
  }
  await start()
  return {
    port,
    stop,
    start,
    close: async () => {
      await stop()
      await folder.remove()
    },
  }
}
