import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { WebSocket } from 'ws'
import type { ClientOptions } from 'ws'
import type { TunnelServer } from '../../src/service/tunnel-server.js'

/** The tunnel ID that both sides of these tests use, in hex. */
export const TUNNEL = '00112233445566778899AABBCCDDEEFF'
/** Headers of an upgrade that is in order. */
export const UPGRADE = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
  'Sec-WebSocket-Protocol': 'fido.cable',
}

/** A phone or a client, made of the library itself. */
export interface Peer {
  readonly socket: WebSocket
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  next(): Promise<Buffer>
  /** The close code. */
  readonly closed: Promise<number>
}

async function dial(url: string, options: ClientOptions = {}): Promise<Peer> {
  const socket = new WebSocket(url, 'fido.cable', options)
  const messages: Buffer[] = []
  const waiting: ((message: Buffer) => void)[] = []
  socket.on('message', (data: Buffer) => {
    const taker = waiting.shift()
    if (taker === undefined) messages.push(data)
    else taker(data)
  })
  const closed = new Promise<number>(resolve => socket.on('close', resolve))
  let headers: Peer['headers'] = {}
  socket.on('upgrade', response => {
    headers = response.headers
  })
  await once(socket, 'open')
  return {
    socket,
    headers,
    closed,
    next: () => {
      const message = messages.shift()
      return message === undefined ? new Promise(resolve => waiting.push(resolve)) : Promise.resolve(message)
    },
  }
}

export const phoneOf = (
  service: Pick<TunnelServer, 'url'>,
  options?: ClientOptions,
  tunnel: string = TUNNEL,
): Promise<Peer> => dial(`${service.url}/cable/new/${tunnel}`, options)

export function clientOf(
  service: Pick<TunnelServer, 'url'>,
  phone: Peer,
  options?: ClientOptions,
  tunnel: string = TUNNEL.toLowerCase(),
): Promise<Peer> {
  const routing = String(phone.headers['x-cable-routing-id'])
  return dial(`${service.url}/cable/connect/${routing}/${tunnel}`, options)
}

/** What a service answers to a request, or to an upgrade. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

/** Sends one request as given; an undefined header is left away. */
export async function ask(
  service: TunnelServer,
  path: string,
  { method = 'GET', ...headers }: Record<string, string | undefined> = {},
): Promise<Answer> {
  const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined))
  const request = httpRequest({ port: service.port, path, method, headers: given as Record<string, string> })
  return new Promise((resolve, reject) => {
    request.on('error', reject)
    request.on('response', response => {
      response.resume()
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers })
      })
    })
    request.on('upgrade', (response, socket) => {
      socket.destroy()
      resolve({ status: response.statusCode ?? 0, headers: response.headers })
    })
    request.end()
  })
}
