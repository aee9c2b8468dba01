import { expect, test } from 'vitest'
import { createPair } from '../support/pair.js'
import type { TunnelDialer } from '../../src/ports/tunnel-dialer.js'

/** What passes through a tunnel: who sent how many bytes, in order. */
function watched(dialer: TunnelDialer, who: string, log: string[]): TunnelDialer {
  return {
    staysInProcess: true,
    dial(request, listener) {
      log.push(`${who} dials ${new URL(request.url).pathname.split('/')[2] ?? ''}`)
      const tunnel = dialer.dial(request, listener)
      return {
        send: bytes => {
          log.push(`${who} ${bytes.length}`)
          tunnel.send(bytes)
        },
        close: () => tunnel.close(),
      }
    },
  }
}

test('a transaction is six messages in five flights, and each side dials once', async () => {
  const log: string[] = []
  const { service } = createPair()
  const { client, phone } = createPair(
    { dialer: watched(service, 'client', log) },
    { dialer: watched(service, 'phone', log) },
  )
  let served: Promise<unknown> = Promise.resolve()
  const connection = await client.connect({
    onQr: qr => {
      served = phone.scan(qr.url, { source: 'camera' })
    },
  })
  await connection.call(Uint8Array.of(1))
  await connection.close()
  await served
  expect(log).toEqual([
    'phone dials new',
    'client dials connect',
    'client 81', // Noise message 1
    'phone 81', // Noise message 2 and, in the same flight,
    'phone 80', // the post-handshake message
    'client 48', // request
    'phone 48', // response
    'client 48', // shutdown
  ])
})

test('message 1 leaves in the tick in which the tunnel opens', async () => {
  const log: string[] = []
  const { service } = createPair()
  const opening: TunnelDialer = {
    staysInProcess: true,
    dial: (request, listener) =>
      watched(service, 'client', log).dial(request, {
        ...listener,
        open: headers => {
          log.push('open')
          listener.open(headers)
          log.push('opened')
        },
        message: bytes => listener.message(bytes),
        closed: end => listener.closed(end),
        failed: error => listener.failed(error),
      }),
  }
  const { client, phone } = createPair({ dialer: opening }, { dialer: service })
  const connection = await client.connect({
    onQr: qr => void phone.scan(qr.url, { source: 'camera' }).catch(() => undefined),
  })
  expect(log.slice(0, 4)).toEqual(['client dials connect', 'open', 'client 81', 'opened'])
  await connection.close()
})
