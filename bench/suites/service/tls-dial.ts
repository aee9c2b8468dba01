import { randomInt } from 'node:crypto'
import type { TcpSocketConnectOpts } from 'node:net'
import { connect } from 'node:tls'
import type { ConnectionOptions } from 'node:tls'
import type { Dial } from './sockets.js'

/** Dials with TLS from some address of loopback, as the proxy limits what comes from one. @param ca whom to trust, PEM. */
export const tlsDial = (ca: string): Dial => ({
  to: port => {
    const localAddress = `127.0.${randomInt(1, 250)}.${randomInt(1, 250)}`
    const at: ConnectionOptions & TcpSocketConnectOpts = { port, host: '127.0.0.1', ca, localAddress }
    return connect(at).setNoDelay()
  },
  ready: 'secureConnect',
})
