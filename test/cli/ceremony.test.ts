import { writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { createRelyingParty } from '../../src/testing.js'
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '../../src/index.js'
import { makeCertificate } from '../support/certificate.js'
import { expectFailure, useCli } from '../support/cli.js'
import type { CliEvent, CliProcess } from '../support/cli.js'
import { useAir } from '../support/surroundings.js'
import { useFolderPerTest } from '../support/test-folder.js'

const folder = useFolderPerTest()
const air = useAir()
const start = useCli()

interface Meeting {
  readonly client: CliProcess
  readonly phone: CliProcess
}

/** A laptop and the phone that reads its QR code, each a process, around a tunnel service over TLS. */
async function prepare(): Promise<
  (command: string, options: object, phoneOptions?: readonly string[]) => Promise<Meeting>
> {
  const { cert, key, ca } = await makeCertificate()
  await Promise.all(
    Object.entries({ cert, key, ca }).map(([name, pem]) => writeFile(folder.at(`${name}.pem`), pem)),
  )
  const identity = ['--tls-cert', folder.at('cert.pem'), '--tls-key', folder.at('key.pem')]
  const tunnel = start('tunnel', 'serve', '--port', '0', ...identity)
  const { url } = await tunnel.event('listening')
  const reach = ['--tunnel-url', String(url), '--tls-ca', folder.at('ca.pem')]
  return async (command, options, phoneOptions = []) => {
    await writeFile(folder.at('options.json'), JSON.stringify(options))
    const request = ['--options', folder.at('options.json'), '--origin', 'https://login.example.com']
    const client = start('client', command, ...request, '--scan', `air:${air.url}`, ...reach)
    const qr = await client.event('qr')
    const store = ['--store', folder.at('passkeys.json'), '--consent', 'always']
    const phone = start(
      'phone',
      'scan',
      String(qr['url']),
      '--advertise',
      `air:${air.url}`,
      ...store,
      ...reach,
      ...phoneOptions,
    )
    return { client, phone }
  }
}

async function last({ client, phone }: Meeting): Promise<CliEvent> {
  const [ended, served] = await Promise.all([client.end, phone.end])
  expect([ended.code, served.code, ended.stderr]).toEqual([0, 0, expect.any(String)])
  const [result, closed] = ended.events.slice(-2)
  expect(closed?.event).toBe('closed')
  return result as CliEvent
}

test('three processes over TLS register a passkey, sign in, refuse a second one and make it after the first is deleted', async () => {
  const rp = await createRelyingParty({ origin: 'https://login.example.com', rpId: 'example.com' })
  const meet = await prepare()

  const registering = await meet('register', await rp.creationOptions())
  const registered = await registering.phone.event('registered')
  const credential = await last(registering)
  expect(credential.event).toBe('credential')
  const { id } = await rp.register(credential['response'] as RegistrationResponseJSON)
  expect(registered).toMatchObject({ rpId: 'example.com', credentialId: id, userName: 'ada@example.com' })

  const signingIn = await meet('login', await rp.requestOptions())
  const signedIn = await signingIn.phone.event('signed-in')
  expect(signedIn).toMatchObject({ rpId: 'example.com', credentialId: id, userName: 'ada@example.com' })
  const assertion = await last(signingIn)
  expect(assertion.event).toBe('assertion')
  expect((await rp.signIn(assertion['response'] as AuthenticationResponseJSON)).id).toBe(id)

  const excluding = { excludeCredentials: [{ id }] }
  const refused = await meet('register', await rp.creationOptions(excluding))
  expect(await expectFailure(refused.client)).toMatchObject({
    code: 'ctap-error',
    name: 'InvalidStateError',
    statusName: 'ERR_CREDENTIAL_EXCLUDED',
  })
  expect((await refused.phone.end).code).toBe(0)

  const deleted = await start('phone', 'delete', id, '--yes', '--store', folder.at('passkeys.json')).end
  expect(deleted).toMatchObject({ code: 0, events: [{ event: 'deleted', credentialId: id }] })
  const again = await last(await meet('register', await rp.creationOptions(excluding)))
  expect((await rp.register(again['response'] as RegistrationResponseJSON)).id).not.toBe(id)
})

test('a phone with --algorithms makes the longest post-quantum passkey, and signs in with it from its file', async () => {
  const rp = await createRelyingParty({ origin: 'https://login.example.com', rpId: 'example.com' })
  const meet = await prepare()
  const phoneOptions = ['--algorithms', 'ml-dsa-87,ES256']
  const options = await rp.creationOptions({ supportedAlgorithmIDs: [-50, -7] })
  const { response } = await last(await meet('register', options, phoneOptions))
  expect(response).toMatchObject({ response: { publicKeyAlgorithm: -50 } })

  const { response: signIn } = await last(await meet('login', await rp.requestOptions()))
  const { signature } = (signIn as AuthenticationResponseJSON).response
  expect(Buffer.from(signature, 'base64url')).toHaveLength(4627)
})

test('each step is an event with role, time and simulated nearness, in the same words as the library', async () => {
  const rp = await createRelyingParty({ origin: 'https://login.example.com', rpId: 'example.com' })
  const meet = await prepare()
  const { client, phone } = await meet('register', await rp.creationOptions())
  const [ended, served] = await Promise.all([client.end, phone.end])
  expect(ended.events.map(({ event }) => event)).toEqual([
    'qr',
    'qr-shown',
    'scanning',
    'advert-seen',
    'tunnel-connecting',
    'tunnel-connected',
    'handshake',
    'connected',
    'request-sent',
    'awaiting-user',
    'response',
    'credential',
    'closed',
  ])
  expect(served.events.map(({ event }) => event)).toEqual([
    'tunnel-connecting',
    'tunnel-connected',
    'advertising',
    'handshake',
    'connected',
    'request-received',
    'awaiting-user',
    'consent',
    'registered',
    'response',
    'closed',
  ])
  for (const event of [...ended.events, ...served.events])
    if (!['qr', 'credential', 'consent', 'registered'].includes(event.event))
      expect(event).toMatchObject({ proximity: 'simulated', elapsedMs: expect.any(Number) as number })
})
