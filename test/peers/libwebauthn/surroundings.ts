import { createServer, connect } from 'node:net'
import type { Server } from 'node:net'
import { once } from 'node:events'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { serveTunnel } from '../../../src/service.js'
import type { TunnelServer } from '../../../src/service.js'
import type { TestCertificate } from '../../support/certificate.js'
import { AirBetween } from './air.js'
import { writeFiles } from './files.js'
import type { Files } from './files.js'
import { Laptop } from './laptop.js'
import { compile } from './program.js'

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

interface Started extends Files, Pick<Surroundings, 'air' | 'service'> {
  readonly program: string
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
  const at = (name: string): string => started.folder.at(name)
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
      const laptop = Laptop.inOwnNetwork({ program, bus, socket: path, ca: at('ca.pem'), hosts: at('hosts') })
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
  const [program, files, air] = await Promise.all([compile(), writeFiles(), AirBetween.start()])
  return { program, ...files, air, service: await serveTunnel({ port: 0, tls: files.certificate }) }
}

async function stop({ air, service, folder }: Started): Promise<void> {
  await service.close()
  await air.stop()
  await folder.remove()
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
