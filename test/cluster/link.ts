import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

/** A way to an engine that can be split, as a network does it: connections stay open, and nothing comes across. */
export interface Link {
  readonly port: number
  split(): void
  /** What was sent meanwhile comes across now, also that a side has closed. */
  heal(): void
  close(): Promise<void>
}

/** Bytes of the near side wait in the system while the link is split: they are not read. */
interface Carried {
  readonly near: Socket
  readonly far: Socket
}

/** @param port of the engine on this machine. */
export async function linkTo(port: number): Promise<Link> {
  const carried = new Set<Carried>()
  const waiting = new Set<Socket>()
  let isSplit = false
  const carry = (near: Socket): void => {
    const far = connect(port, '127.0.0.1')
    const pair = { near, far }
    carried.add(pair)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const)
      one
        .on('error', () => undefined)
        .on('close', () => {
          if (isSplit) return
          other.destroy()
          carried.delete(pair)
        })
        .pipe(other)
  }
  const server = createServer({ pauseOnConnect: true }, near => {
    if (isSplit) waiting.add(near.on('error', () => undefined))
    else carry(near)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const all = (): readonly Socket[] => [...waiting, ...[...carried].flatMap(({ near, far }) => [near, far])]
  return {
    port: (server.address() as AddressInfo).port,
    split: () => {
      isSplit = true
      for (const { near, far } of carried) {
        near.unpipe(far).pause()
        far.unpipe(near).pause()
      }
    },
    heal: () => {
      isSplit = false
      for (const { near, far } of carried) {
        if (near.destroyed || far.destroyed) [near, far].forEach(socket => socket.destroy())
        near.pipe(far)
        far.pipe(near)
      }
      for (const near of waiting) carry(near)
      waiting.clear()
    },
    close: async () => {
      for (const socket of all()) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
