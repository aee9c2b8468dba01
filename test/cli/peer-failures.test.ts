import { readFile, writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { serveAirHub } from '../../src/adapters/air/air-hub.js'
import type { AirHub } from '../../src/adapters/air/air-hub.js'
import { airAdvertiser, airScanner } from '../../src/adapters/air/air-client.js'
import { encodeMakeCredentialRequest } from '../../src/ctap/make-credential.js'
import { CTAP_STATUS } from '../../src/ctap/status.js'
import { HybridAuthenticator, HybridClient } from '../../src/index.js'
import type { CtapHandler, ProgressListener, Qr } from '../../src/index.js'
import { nodePlatform } from '../../src/node.js'
import { serveTunnel } from '../../src/service.js'
import type { TunnelServer } from '../../src/service.js'
import { CREATION_OPTIONS, someQrUrl } from '../support/ceremony-inputs.js'
import { expectFailure, useCli } from '../support/cli.js'
import type { CliProcess } from '../support/cli.js'
import { GET_INFO } from '../support/pair.js'
import { useFolderPerTest } from '../support/test-folder.js'
import { MAKE_CREDENTIAL } from '../support/virtual-phone.js'

const ORIGIN = 'https://login.example.com'
const folder = useFolderPerTest()
const start = useCli()

let air: AirHub
let service: TunnelServer
let onJoined: () => void
let abort: AbortController

beforeEach(async () => {
  onJoined = () => undefined
  abort = new AbortController()
  air = await serveAirHub({ port: 0 })
  service = await serveTunnel({
    port: 0,
    onEvent: ({ type }) => {
      if (type === 'tunnel-joined') onJoined()
    },
  })
  await writeFile(folder.at('options.json'), JSON.stringify(CREATION_OPTIONS))
})
afterEach(async () => {
  abort.abort()
  await Promise.all([air.close(), service.close()])
})

function startClient(...args: readonly string[]): CliProcess {
  const request = ['--options', folder.at('options.json'), '--origin', ORIGIN]
  const reach = ['--scan', `air:${air.url}`, '--tunnel-url', service.url]
  return start('client', 'register', ...request, ...reach, ...args)
}

async function startPhone(url: string, consent = 'always'): Promise<CliProcess> {
  const reach = ['--advertise', `air:${air.url}`, '--tunnel-url', service.url]
  const phone = start(
    'phone',
    'scan',
    url,
    ...reach,
    '--store',
    folder.at('passkeys.json'),
    '--consent',
    consent,
  )
  await phone.event('advertising')
  return phone
}

/** A phone of this process that reads the QR code of the client. */
async function answer(
  client: CliProcess,
  handler: Partial<CtapHandler>,
  onProgress?: ProgressListener,
): Promise<void> {
  const { url } = await client.event('qr')
  const phone = new HybridAuthenticator({
    ...nodePlatform({ advertiser: airAdvertiser(air.url) }),
    tunnelUrl: service.url,
    handler: { getInfo: () => GET_INFO, handle: () => Promise.resolve(undefined), ...handler },
  })
  await phone.scan(String(url), { source: 'paste', signal: abort.signal, onProgress }).catch(() => undefined)
}

function laptop(): HybridClient {
  const platform = nodePlatform({ scanner: airScanner(air.url) })
  return new HybridClient({ ...platform, tunnelUrl: service.url })
}

describe('client', () => {
  test('no advert in time', async () => {
    expect(await expectFailure(startClient('--timeout', '0.3'))).toMatchObject({
      code: 'advert-timeout',
      stage: 'advert',
      name: 'NotAllowedError',
      fault: 'environment',
    })
  })

  test('no air hub', async () => {
    await air.close()
    expect(await expectFailure(startClient())).toMatchObject({ code: 'ble-scan-failed' })
  })

  test('a phone that hangs up before the handshake', async () => {
    const client = startClient()
    onJoined = () => abort.abort()
    await answer(client, {})
    expect(await expectFailure(client)).toMatchObject({ code: 'peer-closed', stage: 'handshake' })
  })

  test('a phone that hangs up before the request has reached it', async () => {
    const client = startClient()
    await answer(client, {}, ({ event }) => {
      if (event === 'connected') abort.abort()
    })
    const error = await expectFailure(client)
    expect(error).toMatchObject({ code: 'peer-closed', name: 'NotAllowedError', fault: 'peer' })
    expect(['handshake', 'request', 'response']).toContain(error['stage'])
  })

  test('a phone that hangs up instead of answering', async () => {
    const client = startClient()
    await answer(client, {})
    expect(await expectFailure(client)).toMatchObject({ code: 'peer-closed', stage: 'response' })
  })

  test('a phone that answers nonsense', async () => {
    const client = startClient()
    await answer(client, { handle: () => Promise.resolve(Uint8Array.of(0, 0xff)) })
    expect(await expectFailure(client)).toMatchObject({ code: 'cbor-malformed', name: 'UnknownError' })
  })

  test('a phone that hangs up right after its answer is a success', async () => {
    const client = startClient()
    const phone = await startPhone(String((await client.event('qr'))['url']))
    // The phone tells of its answer a moment before that has left.
    await client.event('response')
    phone.send('SIGKILL')
    expect((await client.end).events.map(({ event }) => event)).toContain('credential')
  })

  test('a user who refuses, seen from both sides', async () => {
    const client = startClient()
    const phone = await startPhone(String((await client.event('qr'))['url']), 'never')
    expect(await phone.event('refused')).toMatchObject({ operation: 'register', rpId: 'example.com' })
    expect(await expectFailure(phone)).toMatchObject({
      code: 'aborted',
      message: 'the user of the phone refused',
    })
    expect(await expectFailure(client)).toMatchObject({ code: 'peer-closed', name: 'NotAllowedError' })
    expect(await folder.names()).toEqual(['options.json'])
  })
})

describe('phone', () => {
  test('a laptop that leaves without a request', async () => {
    let phone: CliProcess | undefined
    const onQr = async ({ url }: Qr): Promise<void> => void (phone = await startPhone(url))
    const connection = await laptop().connect({ onQr })
    await connection.close()
    expect(phone && (await expectFailure(phone))).toMatchObject({ code: 'peer-closed', stage: 'request' })
  })

  test('no air hub', async () => {
    await air.close()
    const reach = ['--advertise', `air:${air.url}`, '--tunnel-url', service.url, '--consent', 'always']
    const phone = start('phone', 'scan', someQrUrl(), ...reach, '--store', folder.at('passkeys.json'))
    expect(await expectFailure(phone)).toMatchObject({ code: 'advertise-failed' })
  })

  test('an advert that no laptop answers, in time', async () => {
    const reach = ['--advertise', 'stdout', '--tunnel-url', service.url, '--consent', 'always']
    const store = ['--store', folder.at('passkeys.json'), '--timeout', '0.5']
    const phone = start('phone', 'scan', someQrUrl(), ...reach, ...store)
    const advert = await phone.event('advert')
    expect(advert['uuid']).toBe('fff9')
    expect(advert['data']).toMatch(/^[0-9a-f]{40}$/)
    expect(await expectFailure(phone)).toMatchObject({ code: 'advert-timeout', stage: 'advert' })
  })

  test('no passkey to sign in with is an answer, not a failure of the phone', async () => {
    let phone: CliProcess | undefined
    const onQr = async ({ url }: Qr): Promise<void> => void (phone = await startPhone(url))
    const options = { challenge: CREATION_OPTIONS.challenge, rpId: 'example.com' }
    const signingIn = laptop().get(options, { origin: ORIGIN, onQr })
    await expect(signingIn).rejects.toMatchObject({ name: 'NotAllowedError' })
    const end = await phone?.end
    expect(end?.code).toBe(0)
    expect(end?.events).toContainEqual({ event: 'answered', status: 'ERR_NO_CREDENTIALS' })
  })

  test('a store that turns out damaged fails the scan and stays as it is', async () => {
    let phone: CliProcess | undefined
    const onQr = async ({ url }: Qr): Promise<void> => void (phone = await startPhone(url))
    const connection = await laptop().connect({ onQr })
    await writeFile(folder.at('passkeys.json'), 'no passkeys')
    const response = await connection.call(encodeMakeCredentialRequest(MAKE_CREDENTIAL))
    expect(response).toEqual(Uint8Array.of(CTAP_STATUS.ERR_OTHER))
    await connection.close()
    expect(phone && (await expectFailure(phone))).toMatchObject({ code: 'store-damaged' })
    expect(await readFile(folder.at('passkeys.json'), 'utf8')).toBe('no passkeys')
  })
})
