import type { Duplex } from 'node:stream'
import type { RawData, WebSocket } from 'ws'

/** RFC 6455 section 5.2: a client’s frame has two bytes of head, four of mask, and two or eight of a longer length. */
const HEAD_BYTES = 6
const SHORT_LENGTH_MAX = 125
const LONG_LENGTH_MIN = 65_536

/**
 * Watches how many bytes are there of a message that is not whole yet; the library keeps them, and says nothing of them.
 * Call it right after the upgrade, so that the library has parsed each piece before it is counted here.
 * @param changed hears every new number.
 */
export function watchIncoming(webSocket: WebSocket, stream: Duplex, changed: (bytes: number) => void): void {
  let pending = 0
  let consumed = 0
  let isWhole = false
  const count = (data: RawData): void => {
    consumed += frameBytes(byteLengthOf(data))
  }
  webSocket.on('ping', count).on('pong', count)
  webSocket.on('message', data => {
    count(data)
    isWhole = true
  })
  stream.on('data', (piece: Buffer) => {
    const unread = Math.max(0, pending + piece.length - consumed)
    // More heads than were counted, of fragments, went before the end of a whole message.
    const left = isWhole ? Math.min(unread, piece.length) : unread
    consumed = 0
    isWhole = false
    if (left === pending) return
    pending = left
    changed(left)
  })
}

function frameBytes(length: number): number {
  if (length <= SHORT_LENGTH_MAX) return HEAD_BYTES + length
  return HEAD_BYTES + (length < LONG_LENGTH_MIN ? 2 : 8) + length
}

function byteLengthOf(data: RawData): number {
  return Array.isArray(data) ? data.reduce((sum, { length }) => sum + length, 0) : data.byteLength
}
