import { once } from 'node:events'
import { connect as tcpConnect } from 'node:net'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { ClientOptions } from 'ws'
import { airAdvertiser, airScanner } from '../../src/adapters/air/air-client.js'
import { serveAirHub } from '../../src/adapters/air/air-hub.js'
import type { AirHub, AirHubOptions } from '../../src/adapters/air/air-hub.js'
import { decodeAirMessage, encodeAirMessage } from '../../src/adapters/air/message.js'
import { ProximityError, UnsupportedError } from '../../src/errors.js'
import { airProbe } from '../support/air-probe.js'
import { refuses, survivesAnyText } from '../support/decoder.js'
import { frame, httpAnswer, rawServer, upgradeAnswer } from '../support/raw-server.js'
import { expectNothingMoreOpen, openResources } from '../support/resources.js'
import { thrownBy } from '../support/thrown.js'

const ADVERT = Uint8Array.of(1, 2, 3)
const ADVERT_TEXT = '{"advert":{"uuid":"fff9","data":"010203"}}'
const STOP_TEXT = '{"stop":{"uuid":"fff9","data":"010203"}}'

let hubs: AirHub[] = []
let before = openResources()

beforeEach(() => {
  before = openResources()
})

afterEach(async () => {
  await Promise.all(hubs.map(hub => hub.close()))
  hubs = []
  await expectNothingMoreOpen(before)
})

async function serve(options: Partial<AirHubOptions> = {}): Promise<AirHub> {
  const hub = await serveAirHub({ port: 0, ...options })
  hubs.push(hub)
  return hub
}

async function connect(hub: AirHub, options: ClientOptions = {}): Promise<WebSocket> {
  const socket = new WebSocket(hub.url, options)
  await once(socket, 'open')
  return socket
}

async function text(socket: WebSocket): Promise<string> {
  const [data] = (await once(socket, 'message')) as [Buffer]
  return data.toString()
}

async function closeCode(socket: WebSocket): Promise<number> {
  const [code] = (await once(socket, 'close')) as [number]
  return code
}

describe('scanner and advertiser', () => {
  it('are marked as simulated', () => {
    const url = 'ws://127.0.0.1:1/air'
    expect([airScanner(url).proximity, airAdvertiser(url).proximity]).toEqual(['simulated', 'simulated'])
  })

  it('hear each other over the hub, in whatever order they start', async () => {
    const { url } = await serve()
    const [early, late, sends] = [airProbe(), airProbe(), airProbe()]
    const first = airScanner(url).scan(early)
    expect(await early.next()).toBe('started')
    const advertisement = airAdvertiser(url).advertise(ADVERT, sends)
    expect(await early.next()).toBe('fff9 010203')
    expect(await sends.next()).toBe('started')
    const second = airScanner(url).scan(late)
    expect(await late.next()).toBe('started')
    expect(await late.next()).toBe('fff9 010203')
    await Promise.all([first.stop(), second.stop(), advertisement.stop()])
  })

  it('take an advert off the air when stopped', async () => {
    const { url } = await serve()
    const [hears, sends, marker] = [airProbe(), airProbe(), airProbe()]
    const advertisement = airAdvertiser(url).advertise(ADVERT, sends)
    await sends.next()
    await advertisement.stop()
    await advertisement.stop()
    const scan = airScanner(url).scan(hears)
    expect(await hears.next()).toBe('started')
    const other = airAdvertiser(url).advertise(Uint8Array.of(9), marker)
    expect(await hears.next()).toBe('fff9 09')
    await Promise.all([scan.stop(), scan.stop(), other.stop()])
    expect(sends.seen).toEqual(['started'])
  })

  it('can be stopped while starting', async () => {
    const { url } = await serve()
    const [hears, sends] = [airProbe(), airProbe()]
    await Promise.all([
      airScanner(url).scan(hears).stop(),
      airAdvertiser(url).advertise(ADVERT, sends).stop(),
    ])
    expect([hears.seen, sends.seen]).toEqual([[], []])
  })

  it('fail when there is no hub', async () => {
    const hub = await serve()
    await hub.close()
    const [hears, sends] = [airProbe(), airProbe()]
    const scan = airScanner(hub.url).scan(hears)
    const advertisement = airAdvertiser(hub.url).advertise(ADVERT, sends)
    expect(await hears.next()).toBe('failed ble-scan-failed')
    expect(await sends.next()).toBe('failed advertise-failed')
    await Promise.all([scan.stop(), advertisement.stop()])
  })

  it('fail when the hub goes away', async () => {
    const hub = await serve()
    const [hears, sends] = [airProbe(), airProbe()]
    airScanner(hub.url).scan(hears)
    await hears.next()
    airAdvertiser(hub.url).advertise(ADVERT, sends)
    await sends.next()
    await hub.close()
    expect(await hears.next()).toBe('fff9 010203')
    expect(await hears.next()).toBe('failed ble-scan-failed')
    expect(await sends.next()).toBe('failed advertise-failed')
  })

  it.each<[string, Buffer]>([
    ['nonsense', frame(1, Buffer.from('{}'))],
    ['binary', frame(2, Buffer.from(ADVERT_TEXT))],
    ['too much', frame(1, Buffer.alloc(5000, ' '))],
  ])('fail when the hub sends %s', async (_name, bytes) => {
    const server = await rawServer(request => Buffer.concat([Buffer.from(upgradeAnswer(request, [])), bytes]))
    const probe = airProbe()
    const scan = airScanner(`ws://127.0.0.1:${server.port}/air`).scan(probe)
    expect(await probe.next()).toBe('started')
    expect(await probe.next()).toBe('failed ble-scan-failed')
    await scan.stop()
    await server.close()
    expect(probe.seen).toHaveLength(2)
  })

  it('fail when something else answers', async () => {
    const server = await rawServer(() => httpAnswer(404))
    const probe = airProbe()
    const scan = airScanner(`ws://127.0.0.1:${server.port}/air`).scan(probe)
    expect(await probe.next()).toBe('failed ble-scan-failed')
    await scan.stop()
    await server.close()
  })

  it.each([
    'ws://example.com/air',
    'ws://10.0.0.1:1/air',
    'wss://127.0.0.1/air',
    'http://127.0.0.1/air',
    'nonsense',
  ])('refuse %s', url => {
    for (const make of [airScanner, airAdvertiser]) {
      const error = thrownBy(() => make(url))
      expect(error).toBeInstanceOf(ProximityError)
      expect(error).toMatchObject({ code: 'air-not-loopback' })
    }
  })
})

describe('the hub', () => {
  it('tells everybody, the publisher too, and those who come while it is on the air', async () => {
    const hub = await serve()
    const [phone, laptop] = [await connect(hub), await connect(hub)]
    const heard = Promise.all([text(phone), text(laptop)])
    phone.send('{"advert":{"uuid":"fff9","data":"010203"}}')
    expect(await heard).toEqual([ADVERT_TEXT, ADVERT_TEXT])
    const late = new WebSocket(hub.url)
    expect(await text(late)).toBe(ADVERT_TEXT)
    for (const socket of [phone, laptop, late]) socket.terminate()
  })

  it('forgets an advert that was stopped', async () => {
    const hub = await serve()
    const phone = await connect(hub)
    phone.send(ADVERT_TEXT)
    phone.send(STOP_TEXT)
    phone.send('{"advert":{"uuid":"fde2","data":"09"}}')
    phone.ping()
    await once(phone, 'pong')
    const late = new WebSocket(hub.url)
    expect(await text(late)).toBe('{"advert":{"uuid":"fde2","data":"09"}}')
    for (const socket of [phone, late]) socket.terminate()
  })

  it('counts the adverts of a connection', async () => {
    const hub = await serve({ maxAdverts: 2 })
    const phone = await connect(hub)
    const advert = (data: string): string => `{"advert":{"uuid":"fff9","data":"${data}"}}`
    for (const data of ['01', '02', '01']) phone.send(advert(data))
    phone.send('{"stop":{"uuid":"fff9","data":"01"}}')
    phone.send(advert('03'))
    phone.ping()
    await once(phone, 'pong')
    phone.send(advert('04'))
    expect(await closeCode(phone)).toBe(1008)
  })

  it.each<[string, string | Buffer, number]>([
    ['a malformed message', '{"advert":{}}', 1008],
    ['a binary message', Buffer.from(ADVERT_TEXT), 1003],
    ['a message that is too long', ' '.repeat(5000), 1009],
  ])('closes on %s', async (_name, message, code) => {
    const phone = await connect(await serve())
    phone.send(message)
    expect(await closeCode(phone)).toBe(code)
  })

  it.each<[string, (hub: AirHub) => [string, ClientOptions], string]>([
    ['another path', hub => [hub.url.replace('/air', '/'), {}], '400'],
    ['a web page', hub => [hub.url, { origin: 'https://example.com' }], '403'],
  ])('refuses %s', async (_name, target, status) => {
    const socket = new WebSocket(...target(await serve()))
    const [error] = (await once(socket, 'error')) as [Error]
    expect(error.message).toContain(status)
  })

  it('lets in web pages of the given origins', async () => {
    const origins = ['http://127.0.0.1:8080']
    const hub = await serve({ origins })
    const socket = await connect(hub, { origin: 'http://127.0.0.1:8080' })
    socket.terminate()
    const [error] = (await once(new WebSocket(hub.url, { origin: 'http://127.0.0.1' }), 'error')) as [Error]
    expect(error.message).toContain('403')
  })

  it('refuses one connection too many', async () => {
    const hub = await serve({ maxConnections: 1 })
    const first = await connect(hub)
    const [error] = (await once(new WebSocket(hub.url), 'error')) as [Error]
    expect(error.message).toContain('503')
    first.terminate()
  })

  it('asks plain requests to upgrade', async () => {
    const hub = await serve()
    const response = await fetch(hub.url.replace('ws:', 'http:'))
    expect(response.status).toBe(426)
  })

  it('closes although a connection is silent', async () => {
    const hub = await serve()
    const silent = tcpConnect(hub.port, '127.0.0.1').on('error', () => undefined)
    await once(silent, 'connect')
    const ended = new Promise(resolve => silent.once('close', resolve))
    await Promise.all([hub.close(), hub.close()])
    await ended
  })

  it('listens on loopback only', async () => {
    const error: unknown = await serve({ host: '0.0.0.0' }).catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(ProximityError)
    expect(error).toMatchObject({ code: 'air-not-loopback' })
    expect((await serve({ host: '::1' })).url).toMatch(/^ws:\/\/\[::1\]:\d+\/air$/)
  })

  it('says when the port is taken', async () => {
    const { port } = await serve()
    const error: unknown = await serve({ port }).catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(UnsupportedError)
    expect(error).toMatchObject({
      code: 'listen-failed',
      message: expect.stringMatching(`:${port}: another`) as string,
    })
  })
})

describe('air messages', () => {
  it('have one form', () => {
    expect(encodeAirMessage({ type: 'advert', uuid: 'fff9', serviceData: ADVERT })).toBe(ADVERT_TEXT)
    expect(decodeAirMessage(STOP_TEXT)).toEqual({ type: 'stop', uuid: 'fff9', serviceData: ADVERT })
  })

  it.each([
    '',
    'null',
    '[]',
    '{}',
    '{"advert":null}',
    '{"other":{"uuid":"fff9","data":"01"}}',
    '{"advert":{"uuid":"fff9","data":"01"},"stop":{"uuid":"fff9","data":"01"}}',
    '{"advert":{"uuid":"fff8","data":"01"}}',
    '{"advert":{"uuid":"fff9"}}',
    '{"advert":{"uuid":"fff9","data":1}}',
    '{"advert":{"uuid":"fff9","data":""}}',
    '{"advert":{"uuid":"fff9","data":"01","more":1}}',
    '{"advert":{"uuid":"fff9","data":"01","channelPort":0}}',
    '{"advert":{"uuid":"fff9","data":"01","channelPort":65536}}',
    '{"advert":{"uuid":"fff9","data":"01","channelPort":1.5}}',
    '{"advert":{"uuid":"fff9","data":"01","channelPort":"1"}}',
    '{"advert":{"uuid":"fff9","data":"01","channelPort":null}}',
    `{"advert":{"uuid":"fff9","data":"${'00'.repeat(1025)}"}}`,
    `{"advert":{"uuid":"fff9","data":"01"}}${' '.repeat(2304)}`,
  ])('refuse %s', line => {
    refuses(() => decodeAirMessage(line), 'json-malformed')
  })

  it.each([1, 65_535])('say at which port, such as %i, data channels are taken', channelPort => {
    const text = encodeAirMessage({ type: 'advert', uuid: 'fff9', serviceData: ADVERT, channelPort })
    expect(text).toBe(`{"advert":{"uuid":"fff9","data":"010203","channelPort":${channelPort}}}`)
    expect(decodeAirMessage(text).channelPort).toBe(channelPort)
  })

  it('refuse odd hex', () => {
    refuses(() => decodeAirMessage('{"advert":{"uuid":"fff9","data":"0"}}'), 'hex-malformed')
  })

  it('survive any text', () => {
    const parts = fc.constantFrom(
      '{',
      '}',
      '"advert"',
      '"stop"',
      ':',
      '"uuid"',
      '"fff9"',
      '"data"',
      '"01"',
      ',',
    )
    survivesAnyText(
      line => decodeAirMessage(line),
      fc.oneof(
        fc.json(),
        fc.array(parts).map(each => each.join('')),
      ),
    )
  })
})
