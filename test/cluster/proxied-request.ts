import { request } from 'node:https'
import { UPGRADE } from '../support/service-peers.js'
import type { RunningProxy } from './haproxy.js'

interface Asking {
  /** Where the request comes from: the machine has all addresses of 127.0.0.0/8. */
  readonly from?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly isPlain?: boolean
}

/** The status of an upgrade, or of a plain request, through a proxy. A tunnel that opens is cut at once. */
export function statusThrough({ url, ca }: RunningProxy, path: string, asking: Asking = {}): Promise<number> {
  const { port } = new URL(url)
  const headers = { ...(asking.isPlain === true ? {} : UPGRADE), ...asking.headers }
  const at = { host: '127.0.0.1', port, path, ca, headers, localAddress: asking.from ?? '127.0.0.1' }
  return new Promise((resolve, reject) => {
    request({ ...at, agent: false })
      .on('error', reject)
      .on('response', response => {
        response.resume()
        resolve(response.statusCode ?? 0)
      })
      .on('upgrade', (response, socket) => {
        socket.destroy()
        resolve(response.statusCode ?? 0)
      })
      .end()
  })
}
