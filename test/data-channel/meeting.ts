import type { HybridConnection } from '../../src/client/connection.js'
import type { ConnectOptions } from '../../src/client/hybrid-client.js'
import type { ServeResult } from '../../src/driver/authenticator-driver.js'
import type { ProgressEvent } from '../../src/driver/progress.js'
import type { DataChannelName } from '../../src/qr/data-channel.js'
import type { Pair } from '../support/pair.js'

/** What both devices told while they met. */
export interface Meeting {
  readonly connection: Promise<HybridConnection>
  readonly served: Promise<ServeResult>
  /** The steps of each role. */
  readonly steps: (role: ProgressEvent['role']) => readonly ProgressEvent['event'][]
}

/** A phone reads the code that a client shows. */
export async function meet({ client, phone }: Pair, options: Partial<ConnectOptions> = {}): Promise<Meeting> {
  const events: ProgressEvent[] = []
  const onProgress = (event: ProgressEvent): void => void events.push(event)
  return new Promise(resolve => {
    const connection: Promise<HybridConnection> = client.connect({
      ...options,
      link: undefined,
      onProgress,
      onQr: qr => {
        const served = phone.scan(qr.url, { source: 'camera', onProgress })
        served.catch(() => undefined)
        resolve({
          connection,
          served,
          steps: role => events.filter(event => event.role === role).map(({ event }) => event),
        })
      },
    })
    connection.catch(() => undefined)
  })
}

/** One request, one answer and the goodbye. @returns what carried them, as each role says. */
export async function finish({ connection, served }: Meeting): Promise<readonly DataChannelName[]> {
  const open = await connection
  await open.call(Uint8Array.of(1))
  await open.close()
  return [open.dataChannel, (await served).dataChannel]
}

export const BLE: readonly DataChannelName[] = ['ble', 'ble']
export const TUNNEL: readonly DataChannelName[] = ['tunnel', 'tunnel']
