import { connect } from 'node:tls'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { serveTunnel } from '../../src/service/tunnel-server.js'
import type { TunnelServer } from '../../src/service/tunnel-server.js'
import { makeCertificate } from '../support/certificate.js'
import type { TestCertificate } from '../support/certificate.js'
import { clientOf, phoneOf } from '../support/service-peers.js'

let [first, second]: readonly TestCertificate[] = []
let services: TunnelServer[] = []

beforeAll(async () => {
  ;[first, second] = await Promise.all([makeCertificate(), makeCertificate()])
})

afterEach(async () => {
  await Promise.all(services.map(service => service.close()))
  services = []
})

async function serve(tls?: TestCertificate): Promise<TunnelServer> {
  const service = await serveTunnel({ port: 0, ...(tls !== undefined && { tls }) })
  services.push(service)
  return service
}

/** Whether a service shows a certificate of this CA. */
function shows({ port }: TunnelServer, { ca }: TestCertificate): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ port, host: '127.0.0.1', ca })
    socket.once('secureConnect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => {
      resolve(false)
    })
  })
}

function both(): readonly [TestCertificate, TestCertificate] {
  if (first === undefined || second === undefined) throw new Error('no certificates')
  return [first, second]
}

describe('a renewed certificate', () => {
  it('is shown from now on, and tunnels stay', async () => {
    const [older, newer] = both()
    const service = await serve(older)
    const phone = await phoneOf(service, { ca: older.ca })
    service.setTls(newer)
    expect([await shows(service, older), await shows(service, newer)]).toEqual([false, true])
    const client = await clientOf(service, phone, { ca: newer.ca })
    client.socket.send(Buffer.from([5]))
    expect(await phone.next()).toEqual(Buffer.from([5]))
  })

  it.each([
    ['of another key', () => ({ cert: both()[0].cert, key: both()[1].key })],
    ['that is cut off', () => ({ cert: both()[1].cert.slice(0, 100), key: both()[1].key })],
    ['of nothing', () => ({ cert: '', key: '' })],
  ])('%s is refused, and the old one stays', async (_name, identity) => {
    const [older] = both()
    const service = await serve(older)
    expect(() => {
      service.setTls(identity())
    }).toThrow(expect.objectContaining({ code: 'argument-invalid' }))
    expect(await shows(service, older)).toBe(true)
  })

  it('is refused by a service without a certificate', async () => {
    const service = await serve()
    expect(() => {
      service.setTls(both()[0])
    }).toThrow(expect.objectContaining({ code: 'argument-invalid' }))
  })
})
