import { describe, expect, test, vi } from 'vitest'
import { blenoAdvertiser } from '../../src/adapters/bleno/bleno.js'
import { nobleScanner } from '../../src/adapters/noble/noble.js'
import { qrcodePainter } from '../../src/adapters/qrcode/qrcode.js'
import { systemClock, systemRandom } from '../../src/adapters/system/system.js'
import { HybridAuthenticator, HybridClient, publicSuffixList } from '../../src/index.js'
import type { ProgressEvent } from '../../src/index.js'
import { alwaysApprove, createRelyingParty, MemoryTunnelService, radioCompliance } from '../../src/testing.js'
import { MemoryCredentialStore, VirtualAuthenticator } from '../../src/virtual.js'
import { nobleProvider } from '../../src/wire.js'
import { airProbe } from '../support/air-probe.js'
import { useEmulatedRadio } from '../support/emulated-radio.js'
import { Program } from '../support/program.js'

const ADDRESS = 'C0:FF:EE:00:00:02'
const ADVERT = '000102030405060708090a0b0c0d0e0f10111213'

const radio = useEmulatedRadio()

/** noble and bleno cannot tell an adapter that went away from one that is off. */
const GONE = { scan: 'bluetooth-off', advertise: 'bluetooth-off' }

function done(act: () => void): () => Promise<void> {
  return () => {
    act()
    return Promise.resolve()
  }
}

describe.each([['@abandonware'], ['@stoprocent']] as const)('noble and bleno of %s', family => {
  const { cases, omitted } = radioCompliance({
    prepare: radio.restore,
    restore: radio.restore,
    makeScanner: () => nobleScanner({ family }),
    makeAdvertiser: () => blenoAdvertiser({ family }),
    transmit: async (uuid, serviceData, options) => {
      const controller = await radio.btvirt.controller()
      await controller.advertise(uuid, serviceData, options?.address ?? ADDRESS)
      return {
        stop: done(() => {
          controller.close()
        }),
      }
    },
    addresses: true,
    maxServiceDataBytes: 20,
    noAdapter: radio.remove,
    powerOff: done(radio.switchOff),
    unauthorise: done(radio.deny),
    removeAdapter: radio.remove,
    codes: { removeAdapter: GONE },
  })

  test('have all powers', () => {
    expect(omitted).toEqual([])
  })

  for (const { name, run } of cases) test(name, run)

  test('register a passkey and sign in with it', async () => {
    const shared = {
      dialer: new MemoryTunnelService(systemClock, systemRandom),
      crypto: nobleProvider,
      random: systemRandom,
      clock: systemClock,
    }
    const handler = new VirtualAuthenticator({
      crypto: nobleProvider,
      random: systemRandom,
      store: new MemoryCredentialStore(),
      consent: alwaysApprove(),
    })
    const client = new HybridClient({
      ...shared,
      scanner: nobleScanner({ family }),
      painter: qrcodePainter,
      publicSuffixes: publicSuffixList,
    })
    const phone = new HybridAuthenticator({ ...shared, advertiser: blenoAdvertiser({ family }), handler })
    const rp = await createRelyingParty({ origin: 'https://login.example.com', rpId: 'example.com' })
    const events: ProgressEvent[] = []
    const scans: Promise<unknown>[] = []
    const ceremony = {
      origin: rp.origin,
      onQr: (qr: { url: string }) => void scans.push(phone.scan(qr.url, { source: 'camera' })),
      onProgress: (event: ProgressEvent) => void events.push(event),
    }
    const credential = await rp.register(await client.create(await rp.creationOptions(), ceremony))
    expect((await rp.signIn(await client.get(await rp.requestOptions(), ceremony))).id).toBe(credential.id)
    await Promise.all(scans)
    expect(new Set(events.map(({ proximity }) => proximity))).toEqual(new Set(['bluetooth']))
  })

  test('hear each other from process to process, which end by themselves', async () => {
    const user = (...args: string[]): Program =>
      new Program('test/support/native-user.ts', { args: [family, ...args] })
    const [laptop, phone] = [user('scan'), user('advertise', ADVERT)]
    await laptop.until(text => text.includes(ADVERT))
    await phone.until(text => text.includes('started'))
    for (const each of [laptop, phone]) each.type('stop\n')
    const stdout = `started\n${ADVERT}\nstopped\n`
    expect(await laptop.ending()).toEqual({ code: 0, signal: null, stdout, stderr: '' })
    expect(await phone.ending()).toMatchObject({ code: 0, stdout: 'started\nstopped\n', stderr: '' })
  })
})

test('a package whose native part was never built says so', async () => {
  vi.stubEnv('NODE_OPTIONS', '')
  const error = await new Promise(failed => {
    nobleScanner({ family: '@abandonware' }).scan({ ...airProbe(), failed })
  })
  expect(error).toMatchObject({
    code: 'package-missing',
    message: expect.stringMatching(
      /^@abandonware\/noble is installed without its native part: run npm rebuild/,
    ) as string,
  })
})
