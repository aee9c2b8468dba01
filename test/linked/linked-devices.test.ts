import { expect, test } from 'vitest'
import { alwaysApprove, createRelyingParty } from '../../src/testing.js'
import { MemoryCredentialStore } from '../../src/adapters/stores/memory-credential-store.js'
import { nodeCryptoProvider } from '../../src/adapters/node-crypto/node-crypto.js'
import { systemRandom } from '../../src/adapters/system/system.js'
import { VirtualAuthenticator } from '../../src/virtual/virtual-authenticator.js'
import { callByLink, linked, linkedLab, meetByQr, serving } from '../support/linked-pair.js'
import { found, printed } from '../secrets/traces.js'
import { watchedCrypto } from '../secrets/watched-crypto.js'

test('a phone that is linked by a QR code registers and signs in without one', async () => {
  const lab = linkedLab()
  const rp = await createRelyingParty({ origin: 'https://login.example.com' })
  const store = new MemoryCredentialStore()
  const handler = new VirtualAuthenticator({ store, consent: alwaysApprove(), random: systemRandom })
  const [client, phone] = [lab.client(), lab.phone({ handler })]
  const link = await linked(client, phone)
  expect(link).toMatchObject({ name: 'Ada’s phone', tunnelServiceId: 0, linkedAt: 1_790_000_000 })

  const serve = await serving(phone)
  const ceremony = { origin: rp.origin, link }
  const { id } = await rp.register(await client.client.create(await rp.creationOptions(), ceremony))
  expect((await rp.signIn(await client.client.get(await rp.requestOptions(), ceremony))).id).toBe(id)
  const report = await serve.stop()
  expect(report).toMatchObject({ served: 2, failed: 0, dropped: { malformed: 0, replayed: 0 } })
  expect(serve.events.seen.map(({ event }) => event)).toEqual([
    'reachable',
    'call',
    'served',
    'call',
    'served',
  ])
  expect(serve.events.seen[1]).toMatchObject({ requestType: 'mc' })
  expect(serve.events.seen[3]).toMatchObject({ requestType: 'ga' })
})

test('nothing that either side shows of links has a secret in it', async () => {
  const { crypto, random, secrets } = watchedCrypto(nodeCryptoProvider, systemRandom)
  const lab = linkedLab()
  const seen: string[] = []
  const see = (value: unknown): void => void seen.push(printed(value))
  const welcome = (contact: unknown): boolean => {
    see(contact)
    return true
  }
  const [client, phone] = [lab.client({ crypto, random }), lab.phone({ crypto, random })]
  for (const event of await meetByQr(client, phone)) see(event)
  const [link] = await client.client.links()
  if (link === undefined) throw new Error('no link was made')
  const serve = await serving(phone, { onProgress: see, onCall: welcome })
  await callByLink(client.client, link)
  await phone.phone.unlinkAll()
  await callByLink(client.client, link).catch(see)
  for (const value of [link, client, phone, await phone.phone.links(), await phone.identity.load()])
    see(value)
  for (const value of [await serve.stop(), serve.events.seen, serve]) see(value)
  expect(secrets.length).toBeGreaterThan(10)
  expect(seen.length).toBeGreaterThan(8)
  expect(found(secrets, seen.join('\n'))).toEqual([])
})
