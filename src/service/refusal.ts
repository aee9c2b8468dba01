import { STATUS_CODES } from 'node:http'
import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { HttpRefusal } from './admission.js'

/** Answers a plain request. */
export function refuseRequest(response: ServerResponse, { status, headers }: HttpRefusal): void {
  response.writeHead(status, { ...headers, 'Content-Length': 0, Connection: 'close' }).end()
}

/** Answers an upgrade request, whose socket Node has handed over raw, and ends the connection. */
export function refuseUpgrade(socket: Duplex, { status, headers }: HttpRefusal): void {
  const fields = Object.entries({ ...headers, 'Content-Length': '0', Connection: 'close' })
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...fields.map(field => field.join(': '))]
  socket.on('error', () => socket.destroy())
  socket.once('finish', () => socket.destroy())
  socket.end(`${head.join('\r\n')}\r\n\r\n`)
}
