import { expect, test } from 'vitest'
import { HybridAuthenticator } from '../../src/authenticator/hybrid-authenticator.js'
import { HybridClient } from '../../src/client/hybrid-client.js'
import { LocalClient } from '../../src/client/local-client.js'
import { serveTunnel } from '../../src/service/tunnel-server.js'
import { createLab } from '../../src/testing/lab.js'
import { VirtualAuthenticator } from '../../src/virtual/virtual-authenticator.js'
import { thrownBy } from '../support/thrown.js'

/** A class or function, as plain JavaScript sees it. */
type Loose = new (options: unknown) => unknown

const stub = {}
const NEEDS: readonly (readonly [name: string, made: unknown, given: object, needed: readonly string[]])[] = [
  ['HybridClient', HybridClient, { scanner: stub }, ['dialer', 'clock', 'crypto', 'random']],
  [
    'HybridAuthenticator',
    HybridAuthenticator,
    { advertiser: stub },
    ['handler', 'dialer', 'clock', 'crypto', 'random'],
  ],
  ['LocalClient', LocalClient, {}, ['authenticator']],
  ['VirtualAuthenticator', VirtualAuthenticator, {}, ['store', 'consent', 'random']],
]

const rows = NEEDS.flatMap(([name, made, given, needed]) =>
  needed.map(missing => ({ name, made: made as Loose, given, needed, missing })),
)

test.each(rows)('$name without $missing is refused', ({ name, made: Made, given, needed, missing }) => {
  const others = Object.fromEntries(needed.filter(one => one !== missing).map(one => [one, stub]))
  expect(thrownBy(() => new Made({ ...given, ...others }))).toMatchObject({
    code: 'argument-invalid',
    message: `${name} needs ${missing}`,
  })
})

test('serveTunnel without a port is refused', async () => {
  await expect((serveTunnel as (options: unknown) => Promise<unknown>)({})).rejects.toMatchObject({
    code: 'argument-invalid',
    message: 'serveTunnel needs port',
  })
})

const CREATION = {
  rp: { name: 'Example' },
  user: { id: 'AAAA', name: 'user', displayName: 'User' },
  challenge: 'AAAA',
  pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
}
const origin = 'https://login.example.com'

test.each(['create', 'get'] as const)('%s without onQr and link is a TypeError', async ceremony => {
  const client = createLab().client() as unknown as Record<
    string,
    (options: object, ceremony: object) => Promise<unknown>
  >
  await expect(client[ceremony]?.(CREATION, { origin })).rejects.toMatchObject({
    name: 'TypeError',
    cause: { code: 'argument-invalid', message: expect.stringMatching(/^onQr must be/) as unknown },
  })
})

test('connect without onQr and link is refused', async () => {
  const client = createLab().client()
  await expect(
    (client.connect as (options: object) => Promise<unknown>).call(client, {}),
  ).rejects.toMatchObject({
    code: 'argument-invalid',
  })
})
