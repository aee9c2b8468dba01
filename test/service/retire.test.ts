import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import type { TunnelServer } from '../../src/service/tunnel-server.js'
import {
  acts,
  alarm,
  contact,
  deadline,
  join,
  keyOf,
  load,
  register,
  reply,
  say,
  step,
  withLimits,
} from '../support/contact-relay.js'
import { manualClock } from '../support/manual-clock.js'
import { ask, clientOf, phoneOf } from '../support/service-peers.js'
import { useServices } from '../support/services.js'

const services = useServices()

const retire = (linesWithinMs = 4000, now = 0): readonly string[] =>
  acts(step({ type: 'retire', linesWithinMs }, now))
const toldRegistered = (leg: number): unknown => expect.stringMatching(new RegExp(`^${leg} send 81`))

describe('a relay that retires', () => {
  it('closes phones’ lines with 1012 one by one, and still rings on those that are there', () => {
    withLimits({})
    for (let leg = 10; leg < 14; leg++) register(leg, keyOf(leg))
    expect([retire(), alarm(999), alarm(1000)]).toEqual([['10 close 1012'], [], ['11 close 1012']])
    expect(acts(contact({ key: keyOf(13), now: 1000 }))).toMatchObject([expect.stringMatching(/^13 send 82/)])
    expect(alarm(3000)).toEqual(['12 close 1012'])
    expect(acts(reply('ringing', 13))).toEqual(['2 accept'])
    expect(alarm(3250)).toEqual(['13 close 1012'])
    expect(acts(join(3, 3250))).toEqual(['3 accept'])
    expect(load()).toMatchObject({ joined: 1, phones: 0 })
  })

  it('takes phones that come meanwhile, and lets each stay for the same time', () => {
    withLimits({})
    step({ type: 'register', leg: 9 })
    register(10, keyOf(10))
    expect(retire()).toEqual(['10 close 1012'])
    expect(acts(say(9, { type: 'register', key: keyOf(9), revoked: [] }, 100))).toMatchObject([
      toldRegistered(9),
    ])
    expect(acts(register(11, keyOf(11), [], 2000))).toMatchObject(['11 accept', toldRegistered(11)])
    expect([alarm(4099), alarm(4100), alarm(5999), alarm(6000)]).toEqual([
      [],
      ['9 close 1012'],
      [],
      ['11 close 1012'],
    ])
    expect(deadline()).toBeUndefined()
  })

  it('waits no longer for the turn of a line that has ended', () => {
    withLimits({})
    for (let leg = 10; leg < 12; leg++) register(leg, keyOf(leg))
    retire()
    step({ type: 'gone', leg: 11, clean: true })
    expect(deadline()).toBeUndefined()
  })

  it('spreads the lines that are left anew when it drains', () => {
    withLimits({})
    for (let leg = 10; leg < 14; leg++) register(leg, keyOf(leg))
    retire()
    expect(acts(step({ type: 'drain', linesWithinMs: 300 }, 500))).toEqual(['11 close 1012'])
    expect([alarm(599), alarm(600), alarm(700)]).toEqual([[], ['12 close 1012'], ['13 close 1012']])
    expect(deadline()).toBeUndefined()
  })
})

const settled = async (promise: Promise<unknown>): Promise<boolean> => {
  const turn = new Promise(resolve => setImmediate(resolve))
  return Promise.race([promise.then(() => true), turn.then(() => false)])
}

describe('a service that retires', () => {
  it('lets waiting tunnels be joined and new ones begin, and says that it is not ready', async () => {
    const clock = manualClock()
    const service = await services.serve({ clock })
    expect((await ask(service, '/ready')).status).toBe(200)
    const phone = await phoneOf(service)
    const retired = service.retire()
    expect([(await ask(service, '/ready')).status, (await ask(service, '/live')).status]).toEqual([404, 200])
    const client = await clientOf(service, phone)
    client.socket.send(Buffer.from([7]))
    expect(await phone.next()).toEqual(Buffer.from([7]))
    client.socket.close()
    await phone.closed
    const other = await phoneOf(service)
    clock.advance(4999)
    expect(await settled(retired)).toBe(false)
    clock.advance(1)
    expect(await settled(retired)).toBe(true)
    expect(service.load().waiting).toBe(1)
    other.socket.terminate()
  })

  it.each([
    ['as soon as nothing is left', false],
    ['when the time is over, if somebody asks whether it is ready', true],
  ])('has done so %s', async (_when, isAsked) => {
    const clock = manualClock()
    const service = await services.serve({ clock, limits: { drainLinesMs: 300 } })
    if (isAsked) service.isReady()
    const phone = await phoneOf(service)
    const retired = service.retire()
    expect(await settled(retired)).toBe(false)
    phone.socket.close()
    await phone.closed
    while (service.load().waiting > 0) await new Promise(resolve => setImmediate(resolve))
    clock.advance(299)
    expect(await settled(retired)).toBe(!isAsked)
    clock.advance(1)
    expect(await settled(retired)).toBe(true)
    expect(clock.alarms()).toBe(0)
  })

  it('has done so when it closes, and leaves no alarm', async () => {
    const clock = manualClock()
    const service = await services.serve({ clock })
    expect(service.isReady()).toBe(true)
    const retired = service.retire()
    expect(service.retire()).toBe(retired)
    expect(await settled(retired)).toBe(false)
    await service.close()
    await retired
    await service.retire()
    expect([service.isReady(), clock.alarms()]).toEqual([false, 0])
  })

  it('has done so when it drains', async () => {
    const clock = manualClock()
    const service = await services.serve({ clock })
    const phone = await phoneOf(service)
    const retired = service.retire()
    const closed = service.close({ drainMs: 60_000 })
    await retired
    expect(service.load().waiting).toBe(1)
    phone.socket.close()
    await closed
    expect(clock.alarms()).toBe(0)
  })
})

/** Opens connections until there are so many. */
async function fill(service: TunnelServer, count: number): Promise<readonly Socket[]> {
  const sockets = Array.from({ length: count - service.load().connections }, () =>
    connect(service.port, '127.0.0.1').on('error', () => undefined),
  )
  services.keep(...sockets)
  while (service.load().connections < count) await new Promise(resolve => setImmediate(resolve))
  return sockets
}

describe('readiness', () => {
  it.each([
    [1, 1],
    [19, 19],
    [20, 19],
    [39, 38],
    [40, 38],
  ])('of at most %i connections ends beyond %i, the one that asks included', async (most, ready) => {
    const service = await services.serve({ limits: { maxConnections: most, maxConnectionsPerAddress: most } })
    await fill(service, ready - 1)
    expect([(await ask(service, '/ready')).status, service.isReady()]).toEqual([200, true])
    if (ready === most) return
    const [socket] = await fill(service, ready)
    expect((await ask(service, '/ready')).status).toBe(404)
    await fill(service, ready + 1)
    expect(service.isReady()).toBe(false)
    socket?.destroy()
    while (service.load().connections > ready) await new Promise(resolve => setImmediate(resolve))
    expect(service.isReady()).toBe(true)
  })

  it('is asked by GET and HEAD at two paths, and counts as no refusal', async () => {
    const service = await services.serve()
    const statuses: number[] = []
    for (const [path, method] of [
      ['/live', 'GET'],
      ['/live', 'HEAD'],
      ['/ready', 'HEAD'],
    ] as const)
      statuses.push((await ask(service, path, { method })).status)
    expect([statuses, services.events]).toEqual([[200, 200, 200], []])
    expect(await ask(service, '/ready', { method: 'POST' })).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD' },
    })
    expect([(await ask(service, '/ready?')).status, (await ask(service, '/ready/')).status]).toEqual([
      404, 404,
    ])
  })

  it('is asked in HTTP/1.0 and without a host, as proxies do', async () => {
    const service = await services.serve()
    const [socket] = await fill(service, 1)
    let text = ''
    socket?.on('data', chunk => (text += String(chunk)))
    socket?.write('GET /ready HTTP/1.0\r\n\r\n')
    await new Promise(resolve => socket?.once('close', resolve))
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  })
})
