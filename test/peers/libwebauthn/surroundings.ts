import { createServer, connect } from 'node:net'
import type { Server } from 'node:net'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { nodeCryptoProvider } from '../../../src/adapters/node-crypto/node-crypto.js'
import { tunnelServiceId } from '../../../src/bytes/brands.js'
import { serveTunnel } from '../../../src/service.js'
import type { TunnelServer } from '../../../src/service.js'
import { tunnelDomain } from '../../../src/tunnel/domain.js'
import { makeCertificate } from '../../support/certificate.js'
import type { TestCertificate } from '../../support/certificate.js'
import { AirBetween } from './air.js'
import { Laptop } from './laptop.js'
import { compile } from './program.js'

/** Both assigned ones, and one whose domain comes of a hash. */
export const TUNNEL_SERVICES: readonly number[] = [0, 1, 4711]

/** Our tunnel service over TLS, under the names that phones’ adverts stand for, and the air. */
export interface Surroundings {
  readonly air: AirBetween
  readonly service: TunnelServer
  readonly certificate: TestCertificate
  /** A file beside `hosts`, `ca.pem`, `cert.pem` and `key.pem`. */
  at(name: string): string
  /** A new laptop; stopped after the test. @param port of the tunnel service that its names lead to. */
  laptop(port?: number): Promise<Laptop>
}

interface Started extends Pick<Surroundings, 'air' | 'service' | 'certificate'> {
  readonly program: string
  readonly folder: string
}

/** Call it among the cells. */
export function useSurroundings(): Surroundings {
  let started: Started
  let stops: (() => Promise<void>)[] = []
  let laptops = 0
  beforeAll(async () => {
    started = await start()
  })
  afterEach(async () => {
    await Promise.all(stops.map(stop => stop()))
    stops = []
  })
  afterAll(() => stop(started))
  const at = (name: string): string => join(started.folder, name)
  return {
    get air() {
      return started.air
    },
    get service() {
      return started.service
    },
    get certificate() {
      return started.certificate
    },
    at,
    async laptop(port = started.service.port) {
      const { air, program } = started
      const path = at(`laptop-${(laptops += 1)}`)
      const [socket, radio] = await Promise.all([passOn(path, port), air.laptop()])
      const bus = radio.bus.address
      const laptop = new Laptop({ program, bus, socket: path, ca: at('ca.pem'), hosts: at('hosts') })
      stops.push(async () => {
        await laptop.stop()
        socket.close()
        await air.leave(radio)
      })
      return laptop
    },
  }
}

async function start(): Promise<Started> {
  const names = ['localhost', ...TUNNEL_SERVICES.map(domainOf)]
  const [program, folder, certificate, air] = await Promise.all([
    compile(),
    mkdtemp(join(tmpdir(), 'fido-hybrid-peer-')),
    makeCertificate({ dns: names, ips: ['127.0.0.1'] }),
    AirBetween.start(),
  ])
  const hosts = names.map(name => `127.0.0.1 ${name}\n`).join('')
  const pems = Object.entries(certificate).map(([name, pem]) => [`${name}.pem`, String(pem)] as const)
  const files = [...pems, ['hosts', hosts] as const]
  await Promise.all(files.map(([name, text]) => writeFile(join(folder, name), text)))
  return { program, folder, air, certificate, service: await serveTunnel({ port: 0, tls: certificate }) }
}

const domainOf = (id: number): string => tunnelDomain(nodeCryptoProvider, tunnelServiceId(id))

async function stop({ air, service, folder }: Started): Promise<void> {
  await service.close()
  await air.stop()
  await rm(folder, { recursive: true })
}

/** Where a laptop’s port 443 leads: out of its network, whose files are those of this machine. */
async function passOn(path: string, port: number): Promise<Server> {
  const server = createServer(laptop => {
    const service = connect(port, '127.0.0.1')
    laptop.pipe(service).pipe(laptop)
    laptop.on('error', () => service.destroy())
    service.on('error', () => laptop.destroy())
  })
  await once(server.listen(path), 'listening')
  return server
}
