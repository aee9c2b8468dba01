import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { concatBytes } from '../bytes/bytes.js'
import type { DataChannel, DataChannelObserver } from '../ports/data-channel.js'
import type { DataChannelMisbehaviour } from '../testing/misbehaving/catalogue.js'
import { misbehavingWay } from '../testing/misbehaving/data-channel.js'

/** What stands on the way from a played peer to the command under test. @param command hears what goes through. */
export type Delivery = (command: DataChannelObserver) => DataChannelObserver

/** As it was sent. */
export const inOrder: Delivery = command => command

export const misbehaving =
  (how: DataChannelMisbehaviour): Delivery =>
  command =>
    misbehavingWay(how, command)

/** The length before a message comes byte by byte, and then its first byte. */
const SINGLE_BYTES = 5
/** Long enough for a command to read one piece before the next. */
const PAUSE_MS = 20

/** Each message in pieces, which cut its length everywhere. */
export const inPieces: Delivery = command => {
  let turn = Promise.resolve()
  const inTurn = (act: () => void): void => {
    turn = turn.then(() => delay(PAUSE_MS)).then(act)
  }
  return {
    open: () => command.open(),
    bytes: chunk => {
      for (let at = 0; at < SINGLE_BYTES; at++) inTurn(() => command.bytes(chunk.slice(at, at + 1)))
      inTurn(() => command.bytes(chunk.slice(SINGLE_BYTES)))
    },
    closed: () => inTurn(() => command.closed()),
    failed: error => inTurn(() => command.failed(error)),
  }
}

/** Messages that are sent at the same time come in one piece. */
export const joined: Delivery = command => {
  let waiting: readonly Uint8Array[] = []
  const deliver = (): void => {
    const together = concatBytes(...waiting)
    waiting = []
    if (together.length > 0) command.bytes(together)
  }
  return {
    open: () => command.open(),
    bytes: chunk => {
      waiting = [...waiting, chunk]
      queueMicrotask(deliver)
    },
    closed: () => queueMicrotask(() => command.closed()),
    failed: error => queueMicrotask(() => command.failed(error)),
  }
}

/** The command under test at the other end of a socket. @param open tells it that the channel is open. */
export function commandBehind(socket: Socket, open: () => void): DataChannelObserver {
  return {
    open,
    bytes: chunk => {
      if (socket.writable) socket.write(chunk)
    },
    closed: () => {
      socket.end()
    },
    failed: () => {
      socket.resetAndDestroy()
    },
  }
}

/** The played peer’s end of a channel to the command. */
export function endOf(command: DataChannelObserver): DataChannel {
  return {
    send: bytes => command.bytes(bytes),
    close: () => {
      command.closed()
      return Promise.resolve()
    },
  }
}

/** Hears a socket that stands for a channel. @param opened is told the first byte, a PSM, and says who hears the rest. */
export function onChannel(socket: Socket, opened: (psm: number) => DataChannelObserver | undefined): void {
  let observer: DataChannelObserver | undefined
  let isOpen = false
  socket.on('data', chunk => {
    if (!isOpen) observer = opened(chunk[0] ?? 0)
    const rest = isOpen ? chunk : chunk.subarray(1)
    isOpen = true
    if (rest.length > 0) observer?.bytes(new Uint8Array(rest))
  })
  // What comes of it is told by the close behind it.
  socket.on('error', () => undefined)
  socket.on('close', () => observer?.closed())
}
