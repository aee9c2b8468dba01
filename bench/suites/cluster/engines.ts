import { natsDirectory } from 'fido-hybrid/adapters/nats'
import { redisDirectory } from 'fido-hybrid/adapters/redis'
import type { ContactDirectory } from 'fido-hybrid/service'
import { missingProgram, runProgram } from '../../harness/debian-program.js'
import type { RunningProgram } from '../../harness/debian-program.js'
import type { BenchContext } from '../../harness/group.js'

interface EngineProgram {
  readonly program: string
  readonly scheme: string
  readonly args: (port: number, folder: string) => readonly string[]
}

type EngineName = 'NATS' | 'Redis'

/** What instances share, as the tests of a cluster run it. */
const PROGRAMS: Readonly<Record<EngineName, EngineProgram>> = {
  NATS: {
    program: 'nats-server',
    scheme: 'nats',
    args: (port, folder) => ['-a', '127.0.0.1', '-p', `${port}`, '-js', '-sd', folder],
  },
  Redis: {
    program: 'redis-server',
    scheme: 'redis',
    args: (port, folder) => ['--bind', '127.0.0.1', '--port', `${port}`, '--dir', folder],
  },
}

/** An engine that runs. */
export interface Engine {
  readonly name: EngineName
  readonly url: string
  readonly program: RunningProgram
}

/** Runs the engines that are there; tells which are not. */
export async function runEngines(context: BenchContext): Promise<readonly Engine[]> {
  const engines: Engine[] = []
  for (const name of Object.keys(PROGRAMS) as EngineName[]) {
    const { program, scheme, args } = PROGRAMS[name]
    const reason = missingProgram(program, '--version')
    if (reason !== undefined) {
      context.omit({ name: `cluster, ${name}`, reason })
      continue
    }
    const running = await runProgram(program, args)
    engines.push({ name, url: `${scheme}://127.0.0.1:${running.port}`, program: running })
  }
  return engines
}

/** The directory at an engine’s address. */
export function directoryAt(url: string): ContactDirectory {
  return url.startsWith('nats:') ? natsDirectory({ url }) : redisDirectory({ url })
}
