import { expect, test } from 'vitest'
import { createAir } from '../../src/adapters/air/air.js'
import { createLab } from '../../src/testing.js'
import type { LabOptions } from '../../src/testing.js'
import type { HybridClientOptions } from '../../src/client/hybrid-client.js'
import { createTrace, readTrace } from '../../src/trace.js'

interface Told {
  readonly client: string
  readonly phone: string
}

/** The traces of both roles of a registration. */
async function traced(options: LabOptions, client: Partial<HybridClientOptions> = {}): Promise<Told> {
  const [ofClient, ofPhone]: [string[], string[]] = [[], []]
  const lab = createLab(options)
  const phone = lab.phone()
  const served: Promise<unknown>[] = []
  const connection = await lab.client(client).connect({
    trace: createTrace({ write: line => ofClient.push(line) }),
    onQr: qr => {
      served.push(phone.scan(qr.url, { trace: createTrace({ write: line => ofPhone.push(line) }) }))
    },
  })
  await connection.call(Uint8Array.of(0x0b))
  await connection.close()
  await Promise.all(served)
  return { client: ofClient.join(''), phone: ofPhone.join('') }
}

function messages(trace: string): readonly unknown[] {
  return eventsOf(trace).flatMap(event =>
    event.type === 'sent' || event.type === 'received' ? [[event.type, event.bytes]] : [],
  )
}

function eventsOf(trace: string): ReturnType<typeof readTrace>[number]['sessions'][number]['events'] {
  return readTrace(trace).flatMap(({ sessions }) => sessions.flatMap(({ events }) => events))
}

test('as many messages of the same sizes go over a data channel as through a tunnel', async () => {
  const [tunnel, auto, ble] = await Promise.all([
    traced({}),
    traced({ dataChannel: 'auto' }),
    traced({ dataChannel: 'ble' }),
  ])
  expect(messages(tunnel.client)).toHaveLength(6)
  for (const { client, phone } of [auto, ble]) {
    expect(messages(client)).toEqual(messages(tunnel.client))
    expect(messages(phone)).toEqual(messages(tunnel.phone))
  }
})

test('a trace does not tell whose address was dialled', async () => {
  const { client, phone } = await traced({ dataChannel: 'auto' })
  expect(client).toContain('channel-connecting')
  expect(client + phone).not.toMatch(/C0:00|random/)
})

test('a trace tells that a data channel could not be opened', async () => {
  const { dataChannelDialer } = createAir().device()
  const { client } = await traced({ dataChannel: 'auto' }, { dataChannelDialer })
  expect(eventsOf(client)).toContainEqual(
    expect.objectContaining({ type: 'lost', way: 'ble', errors: [{ code: 'channel-unreachable' }] }),
  )
  expect(messages(client)).toHaveLength(6)
})
