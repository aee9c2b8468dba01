import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runProgram } from '../../harness/debian-program.js'
import type { RunningProgram } from '../../harness/debian-program.js'
import { ROOT } from '../../harness/places.js'
import type { Certificate } from '../connecting/certificate.js'
import { slotMap } from './instances.js'

/** Where the Debian package has it. */
export const HAPROXY = '/usr/sbin/haproxy'

/** Runs HAProxy with the configuration of `examples/cluster` in front of instances on this machine. */
export function runProxy({ cert, key }: Certificate, ports: readonly number[]): Promise<RunningProgram> {
  return runProgram(HAPROXY, (port, folder) => {
    const files = {
      'haproxy.cfg': configuration(port, folder, ports),
      'slots.map': slotMap(ports.length),
      'cert.pem': `${cert}\n${key}`,
    }
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
    return ['-db', '-f', join(folder, 'haproxy.cfg')]
  })
}

function configuration(port: number, folder: string, ports: readonly number[]): string {
  return readFileSync(join(ROOT, 'examples', 'cluster', 'haproxy.cfg'), 'utf8')
    .replaceAll('/etc/haproxy', folder)
    .replace('bind :443', `bind 127.0.0.1:${port}`)
    .replaceAll(/^ *server i(\d) .*\n/gm, line => (Number(/\d/.exec(line)?.[0]) <= ports.length ? line : ''))
    .replaceAll(/10\.77\.0\.1(\d):4433/g, (_, place) => `127.0.0.1:${ports[Number(place) - 1] ?? 0}`)
}
