import { expect, test } from 'vitest'
import {
  alwaysRefuse,
  createLab,
  createRelyingParty,
  MemoryLinkStore,
  MemoryPhoneIdentityStore,
} from '../../src/testing.js'

const EXAMPLE = { origin: 'https://login.example.com', rpId: 'example.com' }

test('a laptop and a phone register a passkey and sign in with it', async () => {
  const lab = createLab()
  const rp = await createRelyingParty(EXAMPLE)
  const client = lab.client()
  const phone = lab.phone()
  const ceremony = { origin: rp.origin, onQr: (qr: { url: string }) => phone.scan(qr.url) }

  const credential = await rp.register(await client.create(await rp.creationOptions(), ceremony))
  expect(credential.transports).toEqual(['hybrid', 'internal'])
  expect((await rp.signIn(await client.get(await rp.requestOptions(), ceremony))).id).toBe(credential.id)
})

test('many laptops and phones share one lab without meeting each other’s partners', async () => {
  const lab = createLab()
  const registrations = Array.from({ length: 5 }, async () => {
    const rp = await createRelyingParty(EXAMPLE)
    const phone = lab.phone()
    const options = await rp.creationOptions()
    const response = await lab.client().create(options, { origin: rp.origin, onQr: qr => phone.scan(qr.url) })
    const { id } = await rp.register(response)
    const kept = await phone.store.list()
    expect(kept.map(({ credentialId }) => Buffer.from(credentialId).toString('base64url'))).toEqual([id])
    return id
  })
  expect(new Set(await Promise.all(registrations)).size).toBe(5)
})

test('a passkey that is excluded is InvalidStateError; after deletion the phone registers again', async () => {
  const lab = createLab()
  const rp = await createRelyingParty(EXAMPLE)
  const phone = lab.phone()
  const client = lab.client()
  const ceremony = { origin: rp.origin, onQr: (qr: { url: string }) => phone.scan(qr.url) }
  const { id } = await rp.register(await client.create(await rp.creationOptions(), ceremony))
  const excluding = { excludeCredentials: [{ id }] }
  await expect(client.create(await rp.creationOptions(excluding), ceremony)).rejects.toMatchObject({
    name: 'InvalidStateError',
    cause: { code: 'ctap-error', statusName: 'ERR_CREDENTIAL_EXCLUDED' },
  })
  await phone.store.delete(Buffer.from(id, 'base64url'))
  expect((await rp.register(await client.create(await rp.creationOptions(excluding), ceremony))).id).not.toBe(
    id,
  )
})

test('a refusal on the phone is NotAllowedError, whether it hangs up or answers', async () => {
  const lab = createLab()
  const rp = await createRelyingParty(EXAMPLE)
  for (const how of ['hang-up', 'deny', 'timeout'] as const) {
    const phone = lab.phone({ consent: alwaysRefuse(how) })
    const creating = lab.client().create(await rp.creationOptions(), {
      origin: rp.origin,
      onQr: qr => phone.scan(qr.url),
    })
    await expect(creating).rejects.toMatchObject({ name: 'NotAllowedError' })
    expect(await phone.store.list()).toEqual([])
  }
})

test('a linked phone of the lab signs in without a QR code', async () => {
  const lab = createLab()
  const rp = await createRelyingParty(EXAMPLE)
  const phone = lab.phone({ linking: { store: new MemoryPhoneIdentityStore(), name: 'Ada’s phone' } })
  const client = lab.client({ links: new MemoryLinkStore() })
  const onQr = (qr: { url: string }): unknown => phone.scan(qr.url, { remember: true })
  await rp.register(await client.create(await rp.creationOptions(), { origin: rp.origin, onQr }))
  const [link] = await client.links()
  if (link === undefined) throw new Error('no link was made')

  const ending = new AbortController()
  let served: Promise<unknown> = Promise.resolve()
  await new Promise<void>(resolve => {
    const onEvent = (): void => {
      resolve()
    }
    served = phone.serve({ signal: ending.signal, onEvent })
  })
  await rp.signIn(await client.get(await rp.requestOptions(), { origin: rp.origin, link }))
  ending.abort()
  expect(await served).toMatchObject({ served: 1 })
})

test('the tunnel service of a lab throws for an address that is not a URL, as every dialer does', () => {
  const { dialer } = createLab().surroundings
  const request = { url: 'nowhere', subprotocol: 'fido.cable', headers: {} }
  const unheard = { open: fail, message: fail, closed: fail, failed: fail }
  expect(() => dialer.dial(request, unheard)).toThrow(expect.objectContaining({ code: 'argument-invalid' }))
})

function fail(): void {
  throw new Error('the listener hears nothing of a dial that threw')
}
