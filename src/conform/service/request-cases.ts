import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { ROUTING_ID_HEADER, TUNNEL_SUBPROTOCOL } from '../../tunnel/headers.js'
import { freshTunnelId, Unmet } from './legs.js'
import type { TestedService, UpgradeAnswer } from './legs.js'
import type { ServiceCase, ServicePlay } from './service-case.js'

const ROUTING_ID = '0A0B0C'
const ROUTING = ROUTING_ID_HEADER.toLowerCase()
const CONTACT = 'AAAAAAAAAAAAAAAAAAAAAA'
const LONG_HEADER_BYTES = 100_000
const LONG_PATH_LETTERS = 20_000

/** A refusal with one of these statuses; without them, any. */
function refused({ status, leg }: UpgradeAnswer, ...statuses: readonly number[]): void {
  if (leg !== undefined) throw new Unmet('the request was accepted')
  if (statuses.length > 0 && !statuses.includes(status))
    throw new Unmet(`status ${status} instead of ${statuses.join(' or ')}`)
}

const refusesPath =
  (path: () => string, ...statuses: readonly number[]): ServicePlay =>
  async service => {
    refused(await service.ask(path()), ...statuses)
  }

/** A request that is no upgrade. @returns its status, 0 when the connection is cut. */
function plainRequest(service: TestedService, method: string, path: string): Promise<number> {
  const url = new URL(`${service.url.replace(/^ws/, 'http')}${path}`)
  const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, { method })
  return new Promise(resolve => {
    request.on('response', response => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    request.on('error', () => {
      resolve(0)
    })
    request.end()
  })
}

async function answersPlain(service: TestedService, method: string, status: number): Promise<void> {
  const answered = await plainRequest(service, method, `/cable/new/${freshTunnelId()}`)
  if (answered !== status) throw new Unmet(`status ${answered} instead of ${status}`)
}

const tunnelPath = (): string => `/cable/new/${freshTunnelId()}`

/** Requests to a tunnel service. */
export const REQUEST_CASES: readonly ServiceCase[] = [
  [
    'new-tunnel',
    'accepts a phone that opens a tunnel',
    '7.1',
    'must',
    'status 101',
    async service => {
      await service.accepted(tunnelPath())
    },
  ],
  [
    'routing-id',
    'gives a phone its routing ID',
    '7.2',
    'must',
    'one header of 6 hex digits',
    async service => {
      await service.phone()
    },
  ],
  [
    'routing-id-of-client',
    'gives a client no routing ID, which Chromium’s client takes for a fault where it is malformed',
    '7.2',
    'should',
    'no such header',
    async service => {
      const { joinPath } = await service.phone()
      const { headers } = await service.accepted(joinPath)
      if (headers[ROUTING] !== undefined) throw new Unmet('the client got a routing ID')
    },
  ],
  [
    'subprotocol',
    'selects the sub-protocol for phone and client',
    '7.2',
    'must',
    'fido.cable is selected',
    async service => {
      const { phone, client } = await service.pair()
      for (const { subprotocol } of [phone, client])
        if (subprotocol !== TUNNEL_SUBPROTOCOL) throw new Unmet(`selected “${subprotocol}”`)
    },
  ],
  [
    'subprotocol-among-others',
    'selects the sub-protocol among others',
    '7.2',
    'must',
    'fido.cable is selected',
    async service => {
      const { leg } = await service.ask(tunnelPath(), ['chat', TUNNEL_SUBPROTOCOL])
      if (leg?.subprotocol !== TUNNEL_SUBPROTOCOL) throw new Unmet('did not select it')
    },
  ],
  [
    'subprotocol-missing',
    'refuses a phone without the sub-protocol',
    '7.2',
    'should',
    'status 400',
    async service => {
      refused(await service.ask(tunnelPath(), []), 400)
    },
  ],
  [
    'subprotocol-other',
    'refuses a phone with another sub-protocol',
    '7.2',
    'should',
    'status 400',
    async service => {
      refused(await service.ask(tunnelPath(), ['chat']), 400)
    },
  ],
  [
    'subprotocol-of-client',
    'refuses a client without the sub-protocol',
    '7.2',
    'should',
    'status 400',
    async service => {
      const { joinPath } = await service.phone()
      refused(await service.ask(joinPath, []), 400)
    },
  ],
  [
    'join',
    'accepts the client of a tunnel',
    '7.1',
    'must',
    'status 101',
    async service => {
      await service.pair()
    },
  ],
  [
    'join-lower-case',
    'compares IDs as bytes: the client writes hex in lower case',
    '7.1',
    'must',
    'status 101',
    async service => {
      const { joinPath } = await service.phone(freshTunnelId().toUpperCase())
      await service.accepted(joinPath.toLowerCase())
    },
  ],
  [
    'join-upper-case',
    'compares IDs as bytes: the client writes hex in upper case',
    '7.1',
    'must',
    'status 101',
    async service => {
      const { joinPath } = await service.phone(freshTunnelId())
      const [, , , ...ids] = joinPath.split('/')
      await service.accepted(`/cable/connect/${ids.join('/').toUpperCase()}`)
    },
  ],
  [
    'join-nothing',
    'refuses a client without a tunnel',
    '7.3',
    'must',
    'a refusal',
    refusesPath(() => `/cable/connect/${ROUTING_ID}/${freshTunnelId()}`),
  ],
  [
    'join-nothing-status',
    'says 404 to a client without a tunnel',
    '7.3',
    'should',
    'status 404',
    refusesPath(() => `/cable/connect/${ROUTING_ID}/${freshTunnelId()}`, 404),
  ],
  [
    'join-other-tunnel',
    'refuses a client that knows the routing ID and not the tunnel ID',
    '7.3',
    'must',
    'a refusal',
    async service => {
      const { joinPath } = await service.phone()
      refused(await service.ask(joinPath.replace(/[^/]+$/, freshTunnelId())))
    },
  ],
  [
    'join-other-routing-id',
    'refuses a client that knows the tunnel ID and not the routing ID',
    '7.3',
    'should',
    'a refusal',
    async service => {
      const { joinPath } = await service.phone()
      const [, routingId = ''] = /connect\/([^/]+)/.exec(joinPath) ?? []
      const other = (Number.parseInt(routingId, 16) ^ 1).toString(16).padStart(routingId.length, '0')
      refused(await service.ask(joinPath.replace(routingId, other)))
    },
  ],
  [
    'join-twice',
    'refuses a second client',
    '7.4',
    'must',
    'a refusal',
    async service => {
      const { joinPath } = await service.pair()
      refused(await service.ask(joinPath))
    },
  ],
  [
    'join-after-end',
    'refuses a client whose phone has left',
    '7.4',
    'must',
    'a refusal',
    async service => {
      const { leg, joinPath } = await service.phone()
      leg.close()
      await leg.closed()
      refused(await service.ask(joinPath))
    },
  ],
  [
    'new-twice',
    'refuses a second phone with the tunnel ID of the first',
    '7.3',
    'should',
    'status 409',
    async service => {
      const tunnelId = freshTunnelId()
      await service.phone(tunnelId)
      refused(await service.ask(`/cable/new/${tunnelId}`), 409)
    },
  ],
  [
    'path-unknown',
    'refuses paths of no request',
    '7.3',
    'must',
    'a refusal',
    async service => {
      for (const path of ['/', '/cable', '/cable/', '/cable/other', `/new/${freshTunnelId()}`])
        refused(await service.ask(path))
    },
  ],
  [
    'path-not-hex',
    'refuses a tunnel ID that is not hex',
    '7.3',
    'must',
    'a refusal',
    refusesPath(() => `/cable/new/${'x'.repeat(32)}`),
  ],
  [
    'path-short',
    'refuses a tunnel ID of 15 bytes',
    '7.3',
    'must',
    'a refusal',
    refusesPath(() => `/cable/new/${freshTunnelId().slice(2)}`),
  ],
  [
    'path-long',
    'refuses a tunnel ID of 17 bytes',
    '7.3',
    'must',
    'a refusal',
    refusesPath(() => `/cable/new/${freshTunnelId()}00`),
  ],
  [
    'path-endless',
    'refuses a path of 20,000 letters',
    '7.5',
    'must',
    'a refusal',
    refusesPath(() => `/cable/new/${'0'.repeat(LONG_PATH_LETTERS)}`),
  ],
  [
    'header-endless',
    'refuses a head of 100,000 bytes',
    '7.5',
    'should',
    'a refusal',
    async service => {
      const headers = { 'X-Long': 'x'.repeat(LONG_HEADER_BYTES) }
      refused(await service.ask(tunnelPath(), [TUNNEL_SUBPROTOCOL], { headers }))
    },
  ],
  [
    'no-upgrade',
    'answers a GET that is no upgrade',
    '7.3',
    'may',
    'a status',
    async service => {
      if ((await plainRequest(service, 'GET', tunnelPath())) === 0) throw new Unmet('cut without an answer')
    },
  ],
  [
    'method-post',
    'takes no method but GET',
    '7.3',
    'should',
    'status 405',
    service => answersPlain(service, 'POST', 405),
  ],
  [
    'contact-unknown',
    'refuses a client whose phone it does not know',
    '7.3',
    'should',
    'a refusal',
    async service => {
      const headers = { 'X-caBLE-Client-Payload': 'A0' }
      refused(await service.ask(`/cable/contact/${CONTACT}`, [TUNNEL_SUBPROTOCOL], { headers }))
    },
  ],
]
