import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect as tcpConnect } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import { LegSocket } from '../../src/service/leg-socket.js'
import type { LegInput } from '../../src/service/leg-socket.js'
import { UPGRADE } from '../support/service-peers.js'

const MIB = 1024 * 1024
const LEG = 7

const server = createServer()
let reader: Socket
let stream: Duplex
let webSocket: WebSocket
const hear = vi.fn<(input: LegInput) => void>()

beforeEach(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const upgrader = new WebSocketServer({ noServer: true })
  const upgraded = new Promise<void>(resolve => {
    server.once('upgrade', (request, socket, head) => {
      upgrader.handleUpgrade(request, socket, head, opened => {
        stream = socket
        webSocket = opened
        resolve()
      })
    })
  })
  reader = tcpConnect((server.address() as AddressInfo).port, '127.0.0.1')
  const head = Object.entries(UPGRADE).map(([name, value]) => `${name}: ${value}`)
  reader.write(['GET / HTTP/1.1', 'Host: localhost', ...head, '\r\n'].join('\r\n'))
  await upgraded
})

afterEach(async () => {
  reader.destroy()
  webSocket.terminate()
  server.close()
  await once(server, 'close')
  hear.mockReset()
})

describe('what one leg is sent', () => {
  it('in one tick leaves in one write, and is reported once', async () => {
    const writes = vi.spyOn(stream, '_writev')
    const single = vi.spyOn(stream, '_write')
    const socket = new LegSocket(LEG, { webSocket, stream }, hear)
    for (let index = 0; index < 4; index++) socket.send(new Uint8Array(100))
    expect(writes).not.toHaveBeenCalled()
    await expect.poll(flushed).toEqual([4])
    expect([writes.mock.calls.length, single.mock.calls.length]).toEqual([1, 0])
  })

  it('in later ticks is reported again', async () => {
    const socket = new LegSocket(LEG, { webSocket, stream }, hear)
    for (const times of [1, 2, 3]) {
      socket.send(new Uint8Array(100))
      await expect.poll(flushed).toEqual(Array(times).fill(1))
    }
  })

  it('is reported step by step as a slow reader takes it', async () => {
    reader.pause()
    const socket = new LegSocket(LEG, { webSocket, stream }, hear)
    socket.send(new Uint8Array(1))
    for (let index = 0; index < 16; index++) {
      await nextTick()
      socket.send(new Uint8Array(MIB))
    }
    await expect.poll(told).toBeGreaterThan(0)
    expect(stream.writableLength).toBeGreaterThan(0)
    expect(told()).toBeLessThan(17)
    reader.resume()
    await expect.poll(told).toBe(17)
    expect(stream.writableLength).toBe(0)
  })

  it('leaves before it is cut in the same tick, and nothing is sent after a close', async () => {
    const heard: Buffer[] = []
    reader.on('data', (piece: Buffer) => heard.push(piece))
    const socket = new LegSocket(LEG, { webSocket, stream }, hear)
    socket.send(new Uint8Array(3))
    socket.close(1008, 'enough')
    socket.send(new Uint8Array(9))
    socket.cut()
    await once(reader, 'close')
    expect(Buffer.concat(heard).toString('latin1')).toMatch(/\x82\x03\0\0\0\x88\x08\x03\xf0enough$/)
  })
})

const told = (): number => flushed().reduce((sum, messages) => sum + messages, 0)

const flushed = (): number[] =>
  hear.mock.calls.flatMap(([input]) => (input.type === 'flushed' && input.leg === LEG ? input.messages : []))

const nextTick = (): Promise<void> => new Promise(resolve => process.nextTick(resolve))

describe('a ping', () => {
  it.each([
    [4095, 1],
    [4096, 0],
  ])('while %d bytes are unread is answered %d times', (unread, times) => {
    const pong = vi.spyOn(webSocket, 'pong')
    new LegSocket(LEG, { webSocket, stream }, hear)
    vi.spyOn(stream, 'writableLength', 'get').mockReturnValue(unread)
    webSocket.emit('ping', Buffer.from('x'))
    expect(pong).toHaveBeenCalledTimes(times)
  })
})
