import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { killAfter } from './children.js'
import { freePort, untilListening } from './ports.js'
import { temporaryFolder } from './temporary-folder.js'

const LIMIT_MS = 10 * 60_000
const NS_PER_US = 1000

/** A program of a Debian package that serves a port of loopback, in a process of its own. */
export interface RunningProgram {
  readonly port: number
  /** Microseconds of processor time since the start; Linux only. */
  cpu(): number
  /** Kills it. */
  close(): Promise<void>
}

/** Why the program cannot be run here; undefined when it can. @param probe an argument with which it ends at once. */
export function missingProgram(program: string, probe: string): string | undefined {
  return spawnSync(program, [probe]).error && `needs ${program}: test/cluster/install-packages.sh`
}

/** Runs a program in a fresh folder at a free port. @param prepare makes its arguments, and writes what it reads into the folder. */
export async function runProgram(
  program: string,
  prepare: (port: number, folder: string) => readonly string[] | Promise<readonly string[]>,
): Promise<RunningProgram> {
  const folder = temporaryFolder()
  const port = await freePort()
  const child = spawn(program, await prepare(port, folder), { stdio: 'ignore' })
  const killed = killAfter(child, LIMIT_MS)
  const ended = once(child, 'exit')
  await untilListening(port)
  return {
    port,
    cpu: () => cpuOf(child.pid ?? 0),
    close: async () => {
      child.kill('SIGKILL')
      await ended
      killed.cancel()
    },
  }
}

/** Of all threads, which the kernel counts in nanoseconds; `stat` has hundredths of a second. */
function cpuOf(pid: number): number {
  const tasks = `/proc/${pid}/task`
  const times = readdirSync(tasks).map(
    task => readFileSync(join(tasks, task, 'schedstat'), 'utf8').split(' ')[0],
  )
  return times.reduce((sum, time) => sum + Number(time), 0) / NS_PER_US
}
