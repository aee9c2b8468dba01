import { once } from 'node:events'
import type { RelayKind } from './relay-kinds.js'
import type { RawTunnel } from './sockets.js'

/** Masked with zeros: code 1000. */
const CLOSE_FRAME = Buffer.from([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8])

/** The laptop says goodbye, the phone answers the relay’s close frame, and both connections end. */
export async function partFrom(kind: RelayKind, { laptop, phone }: RawTunnel): Promise<void> {
  const ended = Promise.all([laptop, phone].map(socket => once(socket, 'close')))
  if (kind === 'tcp') {
    laptop.end()
  } else {
    phone.once('data', () => phone.write(CLOSE_FRAME))
    laptop.write(CLOSE_FRAME)
  }
  await ended
}
