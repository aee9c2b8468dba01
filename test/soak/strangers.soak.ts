import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { misbehavingStranger, STRANGER_MISBEHAVIOURS } from '../../src/testing.js'
import type { StrangerMisbehaviour } from '../../src/testing.js'
import type { Usage } from '../support/served-process.js'

const ROUNDS = Number(process.env['SOAK_ROUNDS'] ?? 10)
/** Compiled code and caches are there after so many. */
const WARM_UPS = 3
const CONNECTIONS = 20
const HONEST = 10
const MIB = 1024 * 1024
const MAX_GROWTH_BYTES = 2 * MIB
const WAYS = Object.keys(STRANGER_MISBEHAVIOURS) as StrangerMisbehaviour[]

/** A phone and a client that meet in the middle of it all. */
async function meet(url: string): Promise<void> {
  const id = randomBytes(16).toString('hex')
  const phone = new WebSocket(`${url}/cable/new/${id}`, 'fido.cable')
  const [answer] = (await once(phone, 'upgrade')) as [{ headers: Record<string, string> }]
  const routing = answer.headers['x-cable-routing-id'] ?? ''
  const client = new WebSocket(`${url}/cable/connect/${routing}/${id}`, 'fido.cable')
  await once(client, 'open')
  const heard = once(phone, 'message')
  client.send(Buffer.from(id))
  expect((await heard)[0]).toEqual(Buffer.from(id))
  for (const socket of [client, phone]) socket.terminate()
}

it(`${ROUNDS} rounds of strangers leave nothing behind, and others meet all the while`, async () => {
  const program = fileURLToPath(new URL('../support/served-process.ts', import.meta.url))
  const limits = { maxTunnelsPerAddress: 2000, maxConnectionsPerAddress: 4000 }
  const options = JSON.stringify({ limits, trustedProxies: ['10.0.0.0/8'] })
  const child = fork(program, [options], { execArgv: ['--expose-gc', '--import', 'tsx'] })
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  const url = `ws://127.0.0.1:${port}`
  const usage = async (): Promise<Usage> => {
    child.send('report')
    const [told] = (await once(child, 'message')) as [Usage]
    return told
  }
  const used: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const strangers = WAYS.map(how => misbehavingStranger(how, { url, connections: CONNECTIONS }))
    await Promise.all(Array.from({ length: HONEST }, () => meet(url)))
    await Promise.all(strangers.map(({ ended }) => ended))
    for (const stranger of strangers) stranger.close()
    let now = await usage()
    while (now.load.connections > 0) now = await usage()
    expect(Object.values<number>({ ...now.load }).every(value => value === 0)).toBe(true)
    used.push(now.usedBytes)
  }
  child.kill()
  process.stderr.write(`strangers: ${used.map(bytes => (bytes / MIB).toFixed(1)).join(', ')} MiB in use\n`)
  expect((used.at(-1) ?? 0) - (used[WARM_UPS] ?? 0)).toBeLessThan(MAX_GROWTH_BYTES)
})
