import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { countDescriptors, roomForConnections } from '../../src/service/descriptors.js'
import type { Usage } from '../support/served-process.js'

const LIMIT = 150
const ASKED = 300
const PROGRAM = fileURLToPath(new URL('../support/served-process.ts', import.meta.url))

let child: ChildProcess | undefined
let sockets: Socket[] = []

afterEach(() => {
  child?.kill('SIGKILL')
  for (const socket of sockets) socket.destroy()
  sockets = []
})

/** A service in a process that may have so many descriptors. */
async function serve(): Promise<{ port: number; usage: () => Promise<Usage> }> {
  const options = JSON.stringify({ limits: { maxConnectionsPerAddress: 2 * ASKED } })
  const node = [process.execPath, '--expose-gc', '--import', 'tsx', PROGRAM, options]
  const served = spawn('sh', ['-c', `ulimit -n ${LIMIT}; exec "$0" "$@"`, ...node], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  child = served
  const [{ port }] = (await once(served, 'message')) as [{ port: number }]
  return {
    port,
    async usage() {
      served.send('report')
      const [usage] = (await once(served, 'message')) as [Usage]
      return usage
    },
  }
}

describe.runIf(process.platform === 'linux')('descriptors', () => {
  it('that are fewer than the connections allowed are reported at the start, and so are refusals for lack of them', async () => {
    const { port, usage } = await serve()
    const { events: first } = await usage()
    expect(first).toMatchObject([{ type: 'descriptors-short', limit: LIMIT, maxConnections: 12_544 }])
    const closed: Promise<unknown>[] = []
    for (let index = 0; index < ASKED; index++) {
      const socket = connect(port, '127.0.0.1').on('error', () => undefined)
      sockets.push(socket)
      closed.push(once(socket, 'close').catch(() => undefined))
      await once(socket, 'connect').catch(() => undefined)
    }
    let all = await usage()
    while (all.load.connections + all.events.length - 1 < ASKED) all = await usage()
    const dropped = all.events.filter(event => event.type === 'connection-dropped')
    expect(new Set(dropped.map(({ reason }) => reason))).toEqual(new Set(['out of descriptors']))
    expect(all.load.connections + dropped.length).toBe(ASKED)
    expect(all.load.connections).toBeGreaterThan(LIMIT / 3)
    expect(all.load.connections).toBeLessThan(LIMIT)
  })

  it('are counted', async () => {
    const counted = await countDescriptors()
    expect(counted?.limit).toBeGreaterThan(counted?.open ?? 0)
    expect(counted?.open).toBeGreaterThan(2)
  })
})

it.each([
  [{ limit: 1000, open: 20 }, 0, 948],
  [{ limit: 1000, open: 120 }, 100, 948],
  [{ limit: 1000, open: 999 }, 0, 1],
])('of %j, with %d connections, %d may be connections', (descriptors, connections, room) => {
  expect(roomForConnections(descriptors, connections)).toBe(room)
})
