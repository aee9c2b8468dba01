import { expect, test } from 'vitest'
import { wsDialer } from '../../src/adapters/ws/ws.js'
import type { ProgressEvent } from '../../src/index.js'
import type { TunnelDialer } from '../../src/ports/tunnel-dialer.js'
import {
  createLab,
  misbehavingTunnelService,
  SERVICE_MISBEHAVIOURS,
  VirtualClock,
} from '../../src/testing.js'
import type { MisbehavingTunnelService, ServiceMisbehaviour } from '../../src/testing.js'
import { ceremonyCode } from '../support/ceremony-ends.js'
import { expectNothingMoreOpen, openResources } from '../support/resources.js'

type Role = 'client' | 'phone'

/** Longer than every deadline. */
const LONG_MS = 700_000

/** Sends one role to the service, the other to that of the lab. */
function sending(role: Role, service: MisbehavingTunnelService): (lab: TunnelDialer) => TunnelDialer {
  const sockets = wsDialer({ closeTimeoutMs: 20 })
  return lab => ({
    dial: (request, listener) => {
      const isPhone = request.url.includes('/cable/new/')
      if (isPhone !== (role === 'phone')) return lab.dial(request, listener)
      const url = request.url.replace(/^wss:\/\/[^/]+/, service.url)
      return sockets.dial({ ...request, url }, listener)
    },
  })
}

/** How a role ends at a service that misbehaves; deadlines pass once `until` is reached. */
async function endOf(
  role: Role,
  service: MisbehavingTunnelService,
  until?: 'met' | 'tunnel-connected',
): Promise<string> {
  const clock = new VirtualClock()
  const lab = createLab({ clock, tunnel: sending(role, service) })
  const abort = new AbortController()
  let connected: () => void = () => undefined
  const isConnected = new Promise<void>(resolve => {
    connected = resolve
  })
  const onProgress = ({ event, role: who }: ProgressEvent): void => {
    if (event === 'tunnel-connected' && who === (role === 'client' ? 'client' : 'authenticator')) connected()
  }
  const options = { signal: abort.signal, onProgress }
  let scanning = Promise.resolve('no code')
  const onQr = ({ url }: { url: string }): void => {
    scanning = ceremonyCode(lab.phone().scan(url, options))
  }
  const connecting = ceremonyCode(lab.client().connect({ onQr, ...options }))
  await nextTurn()
  if (until !== undefined) {
    await (until === 'met' ? service.met : isConnected)
    await clock.advance(LONG_MS)
  }
  const end = await (role === 'client' ? connecting : scanning)
  abort.abort()
  await Promise.all([connecting, scanning])
  return end
}

/** The phone scans as soon as the scanner hears. */
function nextTurn(): Promise<void> {
  return new Promise(resolve => {
    setImmediate(resolve)
  })
}

/** The code of both roles, or those of client and phone. */
const ENDS: Readonly<Record<ServiceMisbehaviour, string | readonly [string, string]>> = {
  silent: 'tunnel-timeout',
  'slow-head': 'tunnel-timeout',
  'endless-head': 'tunnel-unreachable',
  garbage: 'tunnel-unreachable',
  'hang-up-at-connect': 'tunnel-unreachable',
  'hang-up-at-request': 'tunnel-unreachable',
  'status-200': 'tunnel-refused',
  'status-400': 'tunnel-refused',
  'status-401': 'tunnel-refused',
  'status-403': 'tunnel-refused',
  'status-404': 'tunnel-refused',
  'status-410': 'tunnel-gone',
  'status-426': 'tunnel-refused',
  'status-429': 'tunnel-refused',
  'status-500': 'tunnel-refused',
  'status-502': 'tunnel-refused',
  'status-503': 'tunnel-refused',
  'status-504': 'tunnel-refused',
  'status-unknown': 'tunnel-refused',
  'redirect-circle': 'tunnel-redirected',
  'redirect-to-http': 'tunnel-insecure',
  'redirect-to-file': 'tunnel-insecure',
  'redirect-to-nowhere': 'tunnel-refused',
  'redirect-without-location': 'tunnel-refused',
  'subprotocol-missing': 'tunnel-subprotocol',
  'subprotocol-other': 'tunnel-subprotocol',
  'subprotocol-doubled': 'tunnel-subprotocol',
  'accept-key-wrong': 'tunnel-subprotocol',
  'extension-unasked': 'tunnel-subprotocol',
  'routing-missing': ['handshake-timeout', 'routing-id-malformed'],
  'routing-empty': ['handshake-timeout', 'routing-id-malformed'],
  'routing-short': ['handshake-timeout', 'routing-id-malformed'],
  'routing-long': ['handshake-timeout', 'routing-id-malformed'],
  'routing-not-hex': ['handshake-timeout', 'routing-id-malformed'],
  'routing-doubled': ['handshake-timeout', 'routing-id-malformed'],
  'text-frame': 'tunnel-message-invalid',
  'oversized-frame': 'tunnel-message-invalid',
  'unfinished-frame': ['handshake-timeout', 'advert-timeout'],
  'message-in-bytes': 'tunnel-message-invalid',
  'message-in-fragments': 'tunnel-message-invalid',
  'masked-frame': 'tunnel-message-invalid',
  'reserved-bit': 'tunnel-message-invalid',
  'reserved-opcode': 'tunnel-message-invalid',
  'lonely-continuation': 'tunnel-message-invalid',
  'empty-message': 'handshake-failed',
  'hang-up-after-upgrade': 'peer-closed',
  'close-1001': 'peer-closed',
  'close-1003': 'tunnel-message-invalid',
  'close-1008': 'tunnel-limit',
  'close-1009': 'tunnel-limit',
  'close-code-invalid': 'tunnel-message-invalid',
}

const rows = (Object.keys(ENDS) as ServiceMisbehaviour[]).flatMap(name => {
  const end = ENDS[name]
  const [client, phone] = typeof end === 'string' ? [end, end] : end
  return [
    [name, 'client', client],
    [name, 'phone', phone],
  ] satisfies [ServiceMisbehaviour, Role, string][]
})

test.each(rows)('a tunnel service that misbehaves (%s) towards the %s: %s', async (name, role, end) => {
  const before = openResources()
  const service = await misbehavingTunnelService(name)
  const until = end === 'tunnel-timeout' ? 'met' : end.endsWith('-timeout') ? 'tunnel-connected' : undefined
  try {
    expect(await endOf(role, service, until), SERVICE_MISBEHAVIOURS[name]).toBe(end)
  } finally {
    await service.close()
  }
  await expectNothingMoreOpen(before)
})
