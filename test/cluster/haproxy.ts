import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { untilListening } from '../../bench/harness/ports.js'
import { freePort } from '../../src/conform/service/free-port.js'
import type { TestCertificate } from '../support/certificate.js'
import { TemporaryFolder } from '../support/temporary-folder.js'

/** Where the Debian package has it. */
export const HAPROXY = '/usr/sbin/haproxy'

/** The files that the package’s users copy. */
const EXAMPLE = fileURLToPath(new URL('../../examples/cluster/', import.meta.url))

/** A proxy that runs with the example’s configuration. */
export interface RunningProxy {
  /** `wss://127.0.0.1:PORT`. */
  readonly url: string
  readonly ca: string
  close(): Promise<void>
}

/** Files of a proxy on this machine, made of the example. */
interface ProxyFiles {
  readonly config: string
  readonly remove: () => Promise<void>
}

/** @param ports of the instances, in the order of the example. @param port of the proxy; without it that of the example. */
export async function writeProxyFiles(
  { cert, key }: TestCertificate,
  ports: readonly number[],
  port?: number,
): Promise<ProxyFiles> {
  const folder = await TemporaryFolder.create()
  const [config, map] = await Promise.all([readExample('haproxy.cfg'), readExample('slots.map')])
  const local = config
    .replaceAll('/etc/haproxy', folder.path)
    .replaceAll(/10\.77\.0\.1(\d):4433/g, (_, place) => `127.0.0.1:${ports[Number(place) - 1] ?? 0}`)
    .replace('bind :443', port === undefined ? 'bind :443' : `bind 127.0.0.1:${port}`)
  const files = { 'haproxy.cfg': local, 'slots.map': map, 'cert.pem': `${cert}\n${key}` }
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(folder.at(name), text)))
  return {
    config: folder.at('haproxy.cfg'),
    remove: () => folder.remove(),
  }
}

export const readExample = (name: string): Promise<string> => readFile(join(EXAMPLE, name), 'utf8')

/** What `haproxy -c` says of a configuration. */
export function checkConfig(config: string): { readonly status: number | null; readonly told: string } {
  const { status, stdout, stderr } = spawnSync(HAPROXY, ['-c', '-f', config], { encoding: 'utf8' })
  return { status, told: stdout + stderr }
}

/** Runs a proxy in front of instances on this machine, until it is closed. */
export async function runProxy(
  certificate: TestCertificate,
  ports: readonly number[],
): Promise<RunningProxy> {
  const port = await freePort()
  const { config, remove } = await writeProxyFiles(certificate, ports, port)
  const child = spawn(HAPROXY, ['-db', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] })
  let told = ''
  child.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()))
  const ended = once(child, 'close')
  const hasEnded = ended.then(() => {
    throw new Error(`haproxy ended: ${told}`)
  })
  await Promise.race([hasEnded, untilListening(port)])
  return {
    url: `wss://127.0.0.1:${port}`,
    ca: certificate.ca,
    close: async () => {
      hasEnded.catch(() => undefined)
      child.kill('SIGKILL')
      await ended
      await remove()
    },
  }
}
