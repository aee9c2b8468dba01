import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { serveTunnel } from '../../src/service/tunnel-server.js'
import type { TunnelServer } from '../../src/service/tunnel-server.js'
import { misbehavingStranger, STRANGER_MISBEHAVIOURS } from '../../src/testing.js'
import type { MisbehavingStranger, StrangerMisbehaviour } from '../../src/testing.js'
import { makeCertificate } from '../support/certificate.js'
import type { TestCertificate } from '../support/certificate.js'
import { clientOf, phoneOf } from '../support/service-peers.js'

const CONNECTIONS = 20

/** How many of the connections a service ends before their sender does; the others do no harm. */
const ENDED: Readonly<Record<StrangerMisbehaviour, number>> = {
  'message-in-bytes': CONNECTIONS,
  'message-in-fragments': CONNECTIONS,
  'fragments-among-pings': CONNECTIONS,
  'half-message': 0,
  'pings-unread': 0,
  'proxy-header-forged': CONNECTIONS,
  'forwarded-forged': CONNECTIONS,
}

let certificate: TestCertificate
let service: TunnelServer | undefined
let stranger: MisbehavingStranger | undefined

beforeAll(async () => {
  certificate = await makeCertificate({ dns: ['localhost'], ips: ['127.0.0.1', '::1'] })
})

afterEach(async () => {
  stranger?.close()
  await service?.close()
})

describe.each(['ws', 'wss'])('over %s', scheme => {
  it.each(Object.keys(STRANGER_MISBEHAVIOURS) as StrangerMisbehaviour[])(
    '%s: others meet all the while, and nothing is left',
    async how => {
      const tls = scheme === 'wss' ? { tls: certificate } : {}
      service = await serveTunnel({ port: 0, trustedProxies: ['10.0.0.0/8'], ...tls })
      stranger = misbehavingStranger(how, {
        url: service.url,
        ca: certificate.ca,
        connections: CONNECTIONS,
      })
      const phone = await phoneOf(service, { ca: certificate.ca })
      const client = await clientOf(service, phone, { ca: certificate.ca })
      client.socket.send(Buffer.from([1]))
      expect(await phone.next()).toEqual(Buffer.from([1]))
      expect(await stranger.ended).toBe(ENDED[how])
      phone.socket.send(Buffer.from([2]))
      expect(await client.next()).toEqual(Buffer.from([2]))
      stranger.close()
      for (const { socket } of [phone, client]) socket.terminate()
      while (service.load().connections > 0) await new Promise(resolve => setImmediate(resolve))
      expect(service.load()).toMatchObject({ waiting: 0, joined: 0, bufferedBytes: 0, receivingBytes: 0 })
    },
    60_000,
  )
})

it.each(['ws', 'wss'])('a stranger reaches a service at an IPv6 address over %s', async scheme => {
  service = await serveTunnel({ port: 0, host: '::1', ...(scheme === 'wss' && { tls: certificate }) })
  stranger = misbehavingStranger('half-message', { url: service.url, ca: certificate.ca })
  const running = service
  await expect.poll(() => running.load().receivingBytes).toBeGreaterThan(0)
})
