import { describe, expect, test } from 'vitest'
import { LocalClient } from '../../src/client/local-client.js'
import {
  createCredentials,
  Credential,
  DigitalCredential,
  installCredentials,
} from '../../src/credentials.js'
import type { Credentials } from '../../src/credentials.js'
import { createLab } from '../../src/testing/lab.js'
import { VirtualWallet } from '../../src/virtual/virtual-wallet.js'
import type { VirtualWalletOptions } from '../../src/virtual/virtual-wallet.js'
import { createTestPhone } from '../support/virtual-phone.js'

const origin = 'https://verifier.example'
const PROTOCOL = 'openid4vp-v1-unsigned'
const digital = { requests: [{ protocol: PROTOCOL, data: { nonce: 'n-0S6' } }] }

function containerFor(options: VirtualWalletOptions): Credentials {
  const lab = createLab()
  const phone = lab.phone({ wallet: new VirtualWallet(options) })
  const onQr = (qr: { url: string }): void => void phone.scan(qr.url).catch(() => undefined)
  return createCredentials({ client: lab.client(), origin, onQr })
}

describe('navigator.credentials for digital credentials', () => {
  test('get gives a DigitalCredential', async () => {
    const credentials = containerFor({ credentials: { [PROTOCOL]: { vp_token: {} } } })
    const credential = await credentials.get({ digital })
    expect(credential).toBeInstanceOf(DigitalCredential)
    expect(credential).toBeInstanceOf(Credential)
    expect([credential?.type, credential?.id, credential?.protocol]).toEqual(['digital', '', PROTOCOL])
    expect(credential?.data).toEqual({ vp_token: {} })
    expect(credential?.data).toBe(credential?.data)
    expect(JSON.parse(JSON.stringify(credential))).toEqual({ protocol: PROTOCOL, data: { vp_token: {} } })
    expect(Object.prototype.toString.call(credential)).toBe('[object DigitalCredential]')
  })

  test('create has one issued', async () => {
    const credentials = containerFor({ credentials: { 'openid4vci-v1': { accepted: true } } })
    const credential = await credentials.create({
      digital: { requests: [{ protocol: 'openid4vci-v1', data: {} }] },
    })
    expect(credential?.data).toEqual({ accepted: true })
  })

  test('a site does not learn why it gets no credential', async () => {
    const ends = await Promise.all(
      [{ behaviour: 'decline' } as const, {}].map(async options => {
        const error: unknown = await containerFor(options)
          .get({ digital })
          .catch((reason: unknown) => reason)
        const { name, message, code } = error as Error & { code: string }
        return `${name}: ${message} (${code})`
      }),
    )
    expect(ends).toEqual(
      Array(2).fill('NotAllowedError: the phone gave no digital credential (wallet-refused)'),
    )
  })

  test.each<[string, string, unknown]>([
    ['no requests', 'TypeError', { digital: { requests: [] } }],
    ['a passkey beside it', 'TypeError', { digital, publicKey: {} }],
    ['conditional mediation', 'TypeError', { digital, mediation: 'conditional' }],
    ['an unknown mediation', 'TypeError', { digital, mediation: 'loud' }],
    ['an aborted signal', 'AbortError', { digital, signal: AbortSignal.abort() }],
  ])('get refuses %s: %s', async (_, name, options) => {
    await expect(containerFor({}).get(options as never)).rejects.toMatchObject({ name })
  })

  test('silent mediation gives null', async () => {
    expect(await containerFor({}).get({ digital, mediation: 'silent' })).toBeNull()
  })

  test('a second request at a time is an InvalidStateError', async () => {
    const credentials = containerFor({ behaviour: 'wait' })
    const stop = new AbortController()
    const first = credentials.get({ digital, signal: stop.signal })
    await expect(credentials.get({ digital })).rejects.toMatchObject({ name: 'InvalidStateError' })
    stop.abort()
    await expect(first).rejects.toMatchObject({ name: 'AbortError' })
  })

  test('a client of this device asks no wallet: TypeError', async () => {
    const client = new LocalClient({ authenticator: createTestPhone().phone })
    await expect(createCredentials({ client, origin }).get({ digital })).rejects.toMatchObject({
      name: 'TypeError',
    })
  })

  test('a user who chooses no client refuses: NotAllowedError', async () => {
    const named = ['one', 'two'].map(name => ({ name, client: createLab().client(), onQr: () => undefined }))
    const credentials = createCredentials({ clients: named, origin, chooseClient: () => undefined })
    await expect(credentials.get({ digital })).rejects.toMatchObject({ name: 'NotAllowedError' })
  })

  test('the class knows the protocols, makes nothing, and is installed', () => {
    expect(
      ['openid4vp-v1-unsigned', 'openid4vci-v1', 'org-iso-mdoc', 'x', 'OpenID4VP'].map(protocol =>
        DigitalCredential.userAgentAllowsProtocol(protocol),
      ),
    ).toEqual([true, true, true, false, false])
    expect(() => new (DigitalCredential as never as new () => unknown)()).toThrow(TypeError)
    const target = {}
    const uninstall = installCredentials(target, containerFor({}))
    expect(target).toMatchObject({ DigitalCredential })
    uninstall()
    expect(target).toEqual({})
  })
})
