import { randomBytes, randomInt } from 'node:crypto'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../src/adapters/system/system.js'
import { wsDialer } from '../../src/adapters/ws/ws.js'
import { lineKey } from '../../src/bytes/brands.js'
import { contactLineOver } from '../../src/driver/contact-line.js'
import type { OpenContactLine } from '../../src/ports/contact-line.js'
import { makeCertificate } from '../support/certificate.js'
import type { TestCertificate } from '../support/certificate.js'
import { useCli } from '../support/cli.js'
import { contactLineProbe } from '../support/contact-line-probe.js'
import type { ContactLineProbe } from '../support/contact-line-probe.js'
import { clientOf, phoneOf } from '../support/service-peers.js'
import type { Peer } from '../support/service-peers.js'
import { runProxy } from './haproxy.js'
import type { RunningProxy } from './haproxy.js'
import { healthOf, startInstance } from './instances.js'
import type { Instance } from './instances.js'

const start = useCli()
let certificate: TestCertificate
let proxy: RunningProxy | undefined

beforeAll(async () => {
  certificate = await makeCertificate()
})
afterEach(async () => {
  await proxy?.close()
  proxy = undefined
})

const freshTunnel = (): string => randomBytes(16).toString('hex')

/** Both sides meet, a message comes across, and they part. */
async function ceremony(through: RunningProxy, phone?: Peer, tunnel = freshTunnel()): Promise<void> {
  // The proxy limits the requests of one address.
  const options = { ca: through.ca, localAddress: `127.0.${randomInt(1, 250)}.${randomInt(1, 250)}` }
  const opener = phone ?? (await phoneOf(through, options, tunnel))
  const client = await clientOf(through, opener, options, tunnel)
  client.socket.send(Buffer.from([1]))
  expect(await opener.next()).toEqual(Buffer.from([1]))
  client.socket.close()
  await opener.closed
}

function openLine({ url, ca }: RunningProxy): { probe: ContactLineProbe; line: OpenContactLine } {
  const probe = contactLineProbe()
  const identity = { url, key: lineKey(new Uint8Array(randomBytes(32))), revoked: [] }
  const line = contactLineOver({ dialer: wsDialer({ ca }), clock: systemClock }).open(identity, probe)
  return { probe, line }
}

test('all instances are restarted one after the other, and every ceremony succeeds', async () => {
  const instances: Instance[] = await Promise.all([0, 1, 2].map(place => startInstance(start, place)))
  const through = await runProxy(
    certificate,
    instances.map(({ port }) => port),
  )
  proxy = through
  const outcomes: string[] = []
  let isOver = false
  const goOn = async (): Promise<void> => {
    while (!isOver) {
      outcomes.push(await ceremony(through).then(() => 'done', String))
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  }
  const going = Promise.all([goOn(), goOn(), goOn(), goOn()])
  for (const [place, { process, port }] of instances.entries()) {
    const before = outcomes.length
    while (outcomes.length < before + 30) await new Promise(resolve => setTimeout(resolve, 20))
    process.send('SIGTERM')
    expect((await process.end).code).toBe(0)
    await (await startInstance(start, place, port)).process.event('tunnel-joined')
  }
  isOver = true
  await going
  expect(outcomes.filter(outcome => outcome !== 'done')).toEqual([])
  expect(outcomes.length).toBeGreaterThan(90)
}, 120_000)

test('an instance that retires gets nothing new, what waits there is joined, and phones are sent away', async () => {
  const instances: Instance[] = await Promise.all([0, 1, 2].map(place => startInstance(start, place)))
  const [retiring] = instances
  const through = await runProxy(
    certificate,
    instances.map(({ port }) => port),
  )
  proxy = through
  const options = { ca: through.ca }
  // The proxy takes the instances in turn: each has a tunnel that waits, and a line.
  const tunnels = instances.map(freshTunnel)
  const phones: Peer[] = []
  for (const tunnel of tunnels) phones.push(await phoneOf(through, options, tunnel))
  const lines = instances.map(() => openLine(through))
  for (const { probe } of lines) expect(await probe.next()).toEqual({ type: 'reachable' })
  await retiring?.process.event('phone-reachable')
  expect(retiring && (await healthOf(retiring))).toBe(0)
  retiring?.process.send('SIGTERM')
  await retiring?.process.event('phone-left')
  const lost = await Promise.race(lines.map(({ probe }) => probe.next()))
  expect(lost).toMatchObject({ type: 'failed', error: { code: 'contact-line-lost', closeCode: 1012 } })
  for (let elsewhere = 0; elsewhere < 6;) {
    const tunnel = freshTunnel()
    const phone = await phoneOf(through, options, tunnel)
    const [first = 0] = Buffer.from(String(phone.headers['x-cable-routing-id']), 'hex')
    elsewhere = first > 0x55 ? elsewhere + 1 : 0
    await ceremony(through, phone, tunnel)
  }
  expect((await fetch(`http://127.0.0.1:${retiring?.port ?? 0}/ready`)).status).toBe(404)
  expect(retiring && (await healthOf(retiring))).toBe(1)
  for (const [index, phone] of phones.entries()) await ceremony(through, phone, tunnels[index])
  expect((await retiring?.process.end)?.code).toBe(0)
  await Promise.all(lines.map(({ line }) => line.stop()))
})
