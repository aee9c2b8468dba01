import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { airAdvertiser, airScanner } from '../../src/adapters/air/air-client.js'
import { tunnelId } from '../../src/bytes/brands.js'
import { Interruption } from '../../src/cli/interruption.js'
import { HybridAuthenticator, HybridClient } from '../../src/index.js'
import { nodePlatform } from '../../src/node.js'
import { newTunnelUrl } from '../../src/tunnel/url.js'
import { advertLine, CREATION_OPTIONS, someQrUrl } from '../support/ceremony-inputs.js'
import { expectFailure, useCli } from '../support/cli.js'
import type { CliProcess } from '../support/cli.js'
import { GET_INFO } from '../support/pair.js'
import { rawServer, upgradeAnswer } from '../support/raw-server.js'
import type { RawServer } from '../support/raw-server.js'
import { eventsOf, runHere } from '../support/run-cli.js'
import { useAir, useTunnelService } from '../support/surroundings.js'
import { useFolderPerTest } from '../support/test-folder.js'

const KEPT_PASSKEYS = new URL('../stores/store-v1.json', import.meta.url)

const folder = useFolderPerTest()
const air = useAir()
const service = useTunnelService()
const start = useCli()

let silent: RawServer
let abort: AbortController

beforeEach(async () => {
  abort = new AbortController()
  silent = await rawServer(() => '')
  await writeFile(folder.at('options.json'), JSON.stringify(CREATION_OPTIONS))
})
afterEach(async () => {
  abort.abort()
  await silent.close()
})

function startClient(tunnelUrl: string, scan: string): CliProcess {
  const request = ['--options', folder.at('options.json'), '--origin', 'https://login.example.com']
  return start('client', 'register', ...request, '--scan', scan, '--tunnel-url', tunnelUrl)
}

function startPhone(url: string, tunnelUrl: string): CliProcess {
  const store = ['--store', folder.at('passkeys.json'), '--consent', 'always']
  return start('phone', 'scan', url, '--advertise', `air:${air.url}`, '--tunnel-url', tunnelUrl, ...store)
}

/** The stages at which a laptop can be interrupted; each gives the process when it has come there. */
const clientStages: Readonly<Record<string, () => Promise<CliProcess>>> = {
  'waiting for the phone': async () => {
    const client = startClient(service.url, `air:${air.url}`)
    await client.event('scanning')
    return client
  },
  'connecting to the tunnel service': async () => {
    const client = startClient(`ws://127.0.0.1:${silent.port}`, 'stdin')
    client.stdin.write(advertLine(String((await client.event('qr'))['url'])))
    await client.event('tunnel-connecting')
    return client
  },
  'waiting for the user of the phone': async () => {
    const client = startClient(service.url, `air:${air.url}`)
    const { url } = await client.event('qr')
    const phone = new HybridAuthenticator({
      ...nodePlatform({ advertiser: airAdvertiser(air.url) }),
      tunnelUrl: service.url,
      handler: { getInfo: () => GET_INFO, handle: () => new Promise(() => undefined) },
    })
    phone.scan(String(url), { source: 'paste', signal: abort.signal }).catch(() => undefined)
    await client.event('awaiting-user')
    return client
  },
}

const phoneStages: Readonly<Record<string, () => Promise<CliProcess>>> = {
  'connecting to the tunnel service': async () => {
    const phone = startPhone(someQrUrl(), `ws://127.0.0.1:${silent.port}`)
    await phone.event('tunnel-connecting')
    return phone
  },
  advertising: async () => {
    const phone = startPhone(someQrUrl(), service.url)
    await phone.event('advertising')
    return phone
  },
  'waiting for a request': async () => {
    const platform = nodePlatform({ scanner: airScanner(air.url) })
    const client = new HybridClient({ ...platform, tunnelUrl: service.url })
    const phone = await new Promise<CliProcess>((resolve, reject) => {
      const onQr = ({ url }: { url: string }): void => resolve(startPhone(url, service.url))
      client.connect({ onQr, signal: abort.signal }).catch(reject)
    })
    await phone.event('connected')
    return phone
  },
}

describe('a laptop that is interrupted', () => {
  test.each(Object.entries(clientStages))('%s', async (_, reach) => {
    const client = await reach()
    client.send('SIGINT')
    expect(await expectFailure(client, 130)).toEqual({
      event: 'error',
      code: 'aborted',
      name: 'AbortError',
      message: 'ended by Ctrl-C',
      fault: 'local',
      cure: 'Run the command again to start over.',
    })
  })

  test.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('by %s, ends with status %i', async (signal, code) => {
    const client = startClient(service.url, `air:${air.url}`)
    await client.event('scanning')
    client.send(signal)
    expect(await expectFailure(client, code)).toMatchObject({
      code: 'aborted',
      message: expect.stringContaining(`ended by ${signal}`) as unknown,
    })
  })

  test('while it reads stdin', async () => {
    const args = [
      'client',
      'login',
      '--options',
      '-',
      '--origin',
      'https://a.example',
      '--scan',
      `air:${air.url}`,
    ]
    const running = runHere([...args, '--json'], { stdin: new PassThrough(), signal: abort.signal })
    abort.abort(new Interruption('SIGINT'))
    const run = await running
    expect(run.code).toBe(130)
    expect(eventsOf(run)).toMatchObject([{ event: 'error', code: 'aborted', message: 'ended by Ctrl-C' }])
  })

  test('because the reader of its output has gone', async () => {
    const client = startClient(service.url, 'stdin')
    const { url } = await client.event('qr')
    await client.event('scanning')
    client.turnAway()
    client.stdin.write(advertLine(String(url)))
    const { code, stderr } = await client.end
    expect(code).toBe(1)
    expect(stderr).toContain('aborted')
  })
})

describe('a phone that is interrupted', () => {
  test.each(Object.entries(phoneStages))('%s, leaves no store behind', async (_, reach) => {
    const phone = await reach()
    phone.send('SIGINT')
    expect(await expectFailure(phone, 130)).toMatchObject({ code: 'aborted', message: 'ended by Ctrl-C' })
    expect(await folder.names()).toEqual(['options.json'])
  })

  test('leaves its store as it was, and open to others', async () => {
    await copyFile(KEPT_PASSKEYS, folder.at('passkeys.json'))
    const before = await readFile(folder.at('passkeys.json'))
    const phone = await phoneStages['advertising']?.()
    phone?.send('SIGINT')
    expect((await phone?.end)?.code).toBe(130)
    expect(await readFile(folder.at('passkeys.json'))).toEqual(before)
    expect((await runHere(['phone', 'list', '--store', folder.at('passkeys.json')])).code).toBe(0)
    expect(await folder.names()).toEqual(['options.json', 'passkeys.json'])
  })

  test('while it reads the QR code from stdin', async () => {
    const args = ['phone', 'scan', '-', '--consent', 'always', '--advertise', 'stdout', '--json']
    const running = runHere(args, { stdin: new PassThrough(), signal: abort.signal })
    abort.abort(new Interruption('SIGINT'))
    expect(await running).toMatchObject({ code: 130 })
  })

  test('a second time, ends at once, though its farewell is not answered', async () => {
    const headers = ['Sec-WebSocket-Protocol: fido.cable', 'X-caBLE-Routing-ID: 010203']
    const deaf = await rawServer(request => upgradeAnswer(request, headers))
    const phone = startPhone(someQrUrl(), `ws://127.0.0.1:${deaf.port}`)
    await phone.event('advertising')
    phone.send('SIGINT')
    await phone.event('closed')
    phone.send('SIGINT')
    const { code, events } = await phone.end
    expect([code, events.at(-1)?.event]).toEqual([130, 'closed'])
    expect(await folder.names()).toEqual(['options.json'])
    await deaf.close()
  })
})

describe('a tunnel service that SIGTERM stops', () => {
  const statusOf = async (url: string, path: string): Promise<number> =>
    (await fetch(new URL(path, url.replace('ws:', 'http:')))).status
  const tunnelOpens = async (url: string, id: number): Promise<unknown> => {
    const dialled = new WebSocket(newTunnelUrl(url, tunnelId(new Uint8Array(16).fill(id))), 'fido.cable')
    abort.signal.addEventListener('abort', () => {
      dialled.terminate()
    })
    return once(dialled, 'open').then(() => 'open', String)
  }

  test('retires, drains at the second signal, and ends at the third', async () => {
    const tunnel = start('tunnel', 'serve', '--port', '0', '--drain-lines', '600', '--drain', '600')
    const url = String((await tunnel.event('listening'))['url'])
    expect(await statusOf(url, '/ready')).toBe(200)
    expect(await tunnelOpens(url, 1)).toBe('open')
    tunnel.send('SIGTERM')
    expect(await tunnel.event('retiring')).toMatchObject({ tunnels: 1, phones: 0 })
    expect([await statusOf(url, '/ready'), await statusOf(url, '/live')]).toEqual([404, 200])
    expect(await tunnelOpens(url, 2)).toBe('open')
    tunnel.send('SIGTERM')
    expect(await tunnel.event('draining')).toMatchObject({ tunnels: 2 })
    expect(await tunnelOpens(url, 3)).toContain('503')
    tunnel.send('SIGTERM')
    expect((await tunnel.end).code).toBe(143)
  })

  test('ends by itself, with nothing to do or when its times are over', async () => {
    const idle = start('tunnel', 'serve', '--port', '0', '--drain-lines', '600')
    await idle.event('listening')
    idle.send('SIGTERM')
    const { code, events } = await idle.end
    expect([code, events.at(-1)?.event]).toEqual([0, 'retiring'])
    const busy = start('tunnel', 'serve', '--port', '0', '--drain-lines', '0.05', '--drain', '0.05')
    const url = String((await busy.event('listening'))['url'])
    expect(await tunnelOpens(url, 1)).toBe('open')
    busy.send('SIGTERM')
    const end = await busy.end
    expect(end.code).toBe(0)
    expect(end.events.map(({ event }) => event).slice(-3)).toEqual(['retiring', 'draining', 'tunnel-ended'])
  })
})

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 0],
  ['SIGHUP', 0],
] as const)(
  'a tunnel service that is ended by %s lets its phones go and ends with status %i',
  async (signal, code) => {
    const tunnel = start('tunnel', 'serve', '--port', '0', '--drain-lines', '0.1')
    const { url } = await tunnel.event('listening')
    const phone = startPhone(someQrUrl(), String(url))
    await phone.event('advertising')
    expect(await tunnel.event('tunnel-opened')).toMatchObject({ tunnel: 1 })
    tunnel.send(signal)
    expect((await tunnel.end).code).toBe(code)
    expect(await expectFailure(phone)).toMatchObject({ code: 'peer-closed' })
  },
)
