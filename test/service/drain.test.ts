import { beforeEach, describe, expect, it } from 'vitest'
import { manualClock } from '../support/manual-clock.js'
import {
  contact,
  deadline,
  acts,
  alarm,
  join,
  keyOf,
  load,
  register,
  reply,
  say,
  step,
  withLimits,
} from '../support/contact-relay.js'
import { clientOf, phoneOf } from '../support/service-peers.js'
import { serveTunnel } from '../../src/service/tunnel-server.js'

beforeEach(() => {
  withLimits({})
})

const drain = (linesWithinMs = 5000): readonly string[] => acts(step({ type: 'drain', linesWithinMs }))

describe('phones’ lines', () => {
  it('are closed with 1012 one by one, spread over the time', () => {
    for (let leg = 10; leg < 15; leg++) register(leg, keyOf(leg))
    expect(drain()).toEqual(['10 close 1012'])
    expect([deadline(), alarm(999), alarm(1000)]).toEqual([1000, [], ['11 close 1012']])
    expect(alarm(3000)).toEqual(['12 close 1012', '13 close 1012'])
    expect(alarm(4000)).toEqual(['14 close 1012'])
    expect(deadline()).toBeUndefined()
  })

  it('that have not registered are closed at once', () => {
    step({ type: 'register', leg: 9 })
    expect(drain()).toEqual(['9 close 1012'])
    expect(deadline()).toBeUndefined()
  })

  it('that end by themselves before their turn are not closed again', () => {
    for (let leg = 10; leg < 13; leg++) register(leg, keyOf(leg))
    drain(3000)
    step({ type: 'gone', leg: 11, clean: true })
    expect([alarm(1000), alarm(2000)]).toEqual([[], ['12 close 1012']])
  })

  it('stay while a client waits for an answer on them', () => {
    register()
    contact()
    expect(drain()).toEqual([])
    expect([deadline(), alarm(250), deadline()]).toEqual([250, [], 500])
    expect(acts(reply('ringing'))).toEqual(['2 accept'])
    expect(alarm(500)).toEqual(['1 close 1012'])
    expect(acts(join())).toEqual(['3 accept'])
    expect(load()).toMatchObject({ joined: 1, phones: 0 })
  })

  it('that stay too long are left by their clients, as ever', () => {
    register()
    contact()
    drain()
    say(1, { type: 'ping' }, 9999)
    expect(alarm(10_000)).toEqual(['2 refuse 404'])
    expect(alarm(10_250)).toEqual(['1 close 1012'])
  })

  it('are asked for nothing new', () => {
    register()
    register(8, keyOf(8))
    drain()
    expect(acts(contact({ key: keyOf(8) }))).toEqual(['2 refuse 503'])
  })
})

describe('a service that is told to stop in the middle of a registration', () => {
  it('lets the client join the tunnel that its phone opened', async () => {
    const service = await serveTunnel({ port: 0 })
    const phone = await phoneOf(service)
    const closed = service.close({ drainMs: 60_000 })
    const client = await clientOf(service, phone)
    client.socket.send(Buffer.from([7]))
    expect(await phone.next()).toEqual(Buffer.from([7]))
    phone.socket.close()
    expect(await client.closed).toBe(1000)
    await closed
  })

  it('closes a tunnel that no client joined when the time is over', async () => {
    const clock = manualClock()
    const service = await serveTunnel({ port: 0, clock })
    const phone = await phoneOf(service)
    const closed = service.close({ drainMs: 5000 })
    clock.advance(4999)
    expect(service.load().waiting).toBe(1)
    clock.advance(1)
    expect(await phone.closed).toBe(1001)
    await closed
  })
})
