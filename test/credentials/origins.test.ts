import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { CredentialsOptions } from '../../src/credentials/create-credentials.js'
import { creation, localLab, ORIGIN } from './lab.js'

const challenge = new Uint8Array(16)

const decoded = (buffer: ArrayBuffer): string => new TextDecoder().decode(buffer)

describe('where requests come from', () => {
  const clientDataOf = async (
    changes: Partial<CredentialsOptions>,
    publicKey = creation(),
  ): Promise<string> => {
    const { response } = await localLab(changes).credentials.create({ publicKey })
    return decoded(response.clientDataJSON)
  }

  test.each([
    [{}, '"crossOrigin":false}'],
    [{ topOrigin: ORIGIN }, '"crossOrigin":false}'],
    [{ topOrigin: 'https://app.example' }, '"crossOrigin":true,"topOrigin":"https://app.example"}'],
    [{ topOrigin: 'app://desk' }, '"crossOrigin":true,"topOrigin":"app://desk"}'],
    [{ topOrigin: 'null' }, '"crossOrigin":true,"topOrigin":"null"}'],
    [{ crossOrigin: true }, `"crossOrigin":true,"topOrigin":"${ORIGIN}"}`],
    [{ topOrigin: 'https://app.example', crossOrigin: false }, '"crossOrigin":false}'],
  ])('%j ends client data with %s', async (changes, end) => {
    expect(await clientDataOf(changes)).toBe(
      `{"type":"webauthn.create","challenge":"AAAAAAAAAAAAAAAAAAAAAA","origin":"${ORIGIN}",${end}`,
    )
  })

  test.each([
    'https://app.example/',
    'example',
    'https://app.example/a',
    'app://desk/a',
    'HTTPS://app.example',
  ])('the top origin %s is refused at once', topOrigin => {
    expect(() => localLab({ topOrigin })).toThrow(expect.objectContaining({ code: 'origin-invalid' }))
  })

  const APPS = [
    'android:apk-key-hash:7d1043473d55bfa90e8530d35801d4e381bc69f0',
    'chrome-extension://gpgnkkkjkjkjkjkjkjkjkjkjkjkjkjkj',
    'app://desk',
    'ios:bundle-id:com.example.app',
  ]

  test.each(APPS)('%s is an origin where the embedder vouches for it', async origin => {
    expect(() => localLab({ origin })).toThrow(expect.objectContaining({ code: 'origin-invalid' }))
    const vouched = { origin, appRpIds: ['example.com'] }
    const publicKey = creation({ rp: { id: 'example.com', name: 'Acme' } })
    expect(JSON.parse(await clientDataOf(vouched, publicKey))).toMatchObject({ origin, crossOrigin: false })
    for (const id of ['login.example.com', 'com', undefined]) {
      const refused = clientDataOf(
        vouched,
        creation({ rp: { name: 'Acme', ...(id !== undefined && { id }) } }),
      )
      await expect(refused).rejects.toMatchObject({ name: 'SecurityError' })
    }
  })

  test.each(['http://example.com', 'file://host', 'data:text', 'https://example.com/a', 'app://desk/a', ''])(
    'nobody can vouch for %s',
    origin => {
      const vouched = { origin, appRpIds: ['example.com'] }
      expect(() => localLab(vouched)).toThrow(expect.objectContaining({ code: 'origin-invalid' }))
    },
  )

  test('an origin of the web gains nothing by it', async () => {
    const refused = clientDataOf(
      { appRpIds: ['example.org'] },
      creation({ rp: { id: 'example.org', name: 'x' } }),
    )
    await expect(refused).rejects.toMatchObject({ name: 'SecurityError' })
  })
})

describe('remoteClientDataJSON', () => {
  const remoteClientDataJSON = '{"type":"webauthn.create", "origin":"https://far.example"}'
  const rp = { id: 'far.example', name: 'Far' }
  const asking = (json: string): ReturnType<typeof creation> =>
    creation({ rp, extensions: { remoteClientDataJSON: json } })

  test('is taken verbatim where the embedder allows it', async () => {
    const { credentials } = localLab({ allowRemoteClientData: true })
    const made = await credentials.create({ publicKey: asking(remoteClientDataJSON) })
    expect(decoded(made.response.clientDataJSON)).toBe(remoteClientDataJSON)
    expect(made.getClientExtensionResults()).toEqual({ remoteClientDataJSON: true })
    const rpIdHash = createHash('sha256').update('far.example').digest()
    expect(new Uint8Array(made.response.getAuthenticatorData(), 0, 32)).toEqual(Uint8Array.from(rpIdHash))
    const extensions = { remoteClientDataJSON: '{}' }
    const used = await credentials.get({ publicKey: { challenge, rpId: 'far.example', extensions } })
    expect(decoded(used?.response.clientDataJSON ?? new ArrayBuffer())).toBe('{}')
    expect(used?.getClientExtensionResults()).toEqual({ remoteClientDataJSON: true })
  })

  test.each<[string, Partial<CredentialsOptions>, ReturnType<typeof creation>, string]>([
    ['without leave', {}, asking(remoteClientDataJSON), 'NotAllowedError'],
    [
      'without an RP ID',
      { allowRemoteClientData: true },
      creation({ extensions: { remoteClientDataJSON } }),
      'NotAllowedError',
    ],
    ['that is not JSON', { allowRemoteClientData: true }, asking('{'), 'EncodingError'],
  ])('%s is refused', async (_, changes, publicKey, name) => {
    await expect(localLab(changes).credentials.create({ publicKey })).rejects.toMatchObject({ name })
  })
})
