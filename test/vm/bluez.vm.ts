import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { lackingToCompile } from '../peers/libwebauthn/requirements.js'
import { cellsOverL2cap } from './cells-over-l2cap.js'
import { runGuest } from './guest-machine.js'
import type { GuestRecord } from './guest-machine.js'
import { buildPackageArchive } from './package-archive.js'
import { buildPeerArchive } from './peer-archive.js'
import type { Quantiles } from './guest/quantiles.js'
import { whyNoGuest } from './prerequisites.js'
import { buildSystemImage } from './system-image.js'

const FOLDER = fileURLToPath(new URL('../../node_modules/.cache/fido-hybrid-vm', import.meta.url))
const GUEST_LIMIT_MS = 420_000
/** Building the package before it, and compiling libwebauthn where that has never been done. */
const PREPARATION_LIMIT_MS = 600_000

/** Registrations by one carrier, in emulated time. */
interface Carried {
  readonly rounds: number
  readonly connectingMs: Quantiles
  readonly registeringMs: Quantiles
  readonly messages: number
}

function inWords({ rounds, connectingMs, registeringMs, messages }: Carried): string {
  const [connecting, registering] = [connectingMs, registeringMs].map(({ p50, p95 }) => `${p50} ms (${p95})`)
  return `from advert to introduction ${connecting}, to the passkey ${registering}, p50 (p95) of ${rounds}; ${messages} messages`
}

function prepare(): ReturnType<typeof buildSystemImage> {
  return whyNoGuest() ?? buildSystemImage(FOLDER)
}

await mkdir(FOLDER, { recursive: true })
const system = prepare()

if (typeof system === 'string') {
  process.stderr.write(`\nSkipped, no guest to test BlueZ in: ${system}\n`)
  test.skip(`BlueZ in a guest: ${system}`)
} else {
  describe('in a guest with bluetoothd and two adapters', () => {
    let record: GuestRecord
    const lacksLibwebauthn = lackingToCompile()
    beforeAll(async () => {
      const builds = [buildPackageArchive, ...(lacksLibwebauthn === undefined ? [buildPeerArchive] : [])]
      const archives = await Promise.all(builds.map(build => build(FOLDER)))
      record = await runGuest(FOLDER, system, archives, GUEST_LIMIT_MS)
      await writeFile(`${FOLDER}/outcomes.json`, JSON.stringify(record.outcomes, undefined, 2))
    }, PREPARATION_LIMIT_MS + GUEST_LIMIT_MS)

    function resultOf(part: string): unknown {
      const outcome = record.outcomes.find(each => each.part === part)
      if (outcome === undefined || outcome.error !== undefined)
        throw new Error(
          `${part}: ${outcome?.error ?? 'the guest did not come to it'}\nConsole:\n${record.console}`,
        )
      return outcome.result
    }

    test('the user has no privileges, and the adapters are bluetoothd’s', () => {
      expect(resultOf('machine')).toEqual({
        user: 1000,
        groups: [1000],
        capabilities: '0000000000000000',
        mayOpenRadio: false,
        adapters: ['hci0', 'hci1'].map(name => ({
          name,
          address: expect.stringMatching(/^([0-9A-F]{2}:){5}[0-9A-F]{2}$/) as string,
          powered: 'true',
        })),
      })
    })

    test('laptop and phone register and sign in over the air, and the relying party verifies', () => {
      const result = resultOf('library') as { registered: string }
      const steps = expect.arrayContaining([
        'client scanning bluetooth',
        'authenticator advertising bluetooth',
        'client advert-seen bluetooth',
        'client response bluetooth',
      ]) as string[]
      expect(result).toEqual({
        registered: expect.stringMatching(/./) as string,
        signedIn: result.registered,
        counter: expect.any(Number) as number,
        registration: steps,
        signIn: steps,
      })
    })

    test('the command line does so too', () => {
      const result = resultOf('command-line') as { registered: string }
      expect(result).toMatchObject({
        registered: expect.stringMatching(/./) as string,
        signedIn: result.registered,
        phoneEvents: expect.arrayContaining(['advertising', 'registered', 'signed-in']) as string[],
      })
    })

    test('data channels pass their compliance suite, unprivileged, on sockets of the kernel', () => {
      const { outcomes, omitted } = resultOf('channel-compliance') as {
        outcomes: readonly { failure?: string }[]
        omitted: readonly object[]
      }
      expect(outcomes.length).toBeGreaterThan(15)
      expect(outcomes.filter(({ failure }) => failure !== undefined)).toEqual([])
      expect(omitted).toEqual([])
    })

    test('a phone that was heard is dialled from the adapter that heard it, also at an address that changes', () => {
      const { phone, senders } = resultOf('channel-heard') as {
        phone: { address: string; adapter: string }
        senders: readonly { address: string }[]
      }
      expect(senders).toEqual([
        phone,
        { address: expect.any(String) as string, addressType: 'random', adapter: phone.adapter },
      ])
      // A resolvable address: its two highest bits are 01.
      expect(senders[1]?.address).toMatch(/^[4-7]/)
    })

    test('200 channels leave no descriptor and no thread', () => {
      const { dials, before, after } = resultOf('channel-often') as Record<string, unknown>
      expect(dials).toBe(200)
      expect(after).toEqual(before)
    })

    test('laptop and phone register and sign in over a data channel, and nobody dials a tunnel service', () => {
      expect(resultOf('channel-ceremonies')).toEqual({
        steps: expect.arrayContaining([
          'client advert-seen',
          'client channel-connecting',
          'client channel-connected',
          'authenticator channel-connected',
          'client response',
        ]) as string[],
        counter: expect.any(Number) as number,
        dials: 0,
      })
    })

    cellsOverL2cap(lacksLibwebauthn, () => resultOf('libwebauthn'))

    test('registrations over data channels leave no descriptor and no thread', () => {
      const result = resultOf('channel-registrations') as { count: number; before: object; after: object }
      expect(result).toMatchObject({ after: result.before, dials: 0 })
      expect(result.count).toBeGreaterThan(5)
    })

    test('a registration takes as many messages over a data channel as through a tunnel', () => {
      const { channel, tunnel } = resultOf('carriers') as Record<'channel' | 'tunnel', Carried>
      const { connectMs } = resultOf('channel-often') as Record<'connectMs', Quantiles>
      process.stdout.write(
        `over L2CAP: open in ${connectMs.p50} ms (${connectMs.p95}), ${inWords(channel)}\nthrough a tunnel, 25 ms each way: ${inWords(tunnel)}\n`,
      )
      expect(channel.rounds).toBeGreaterThan(0)
      expect(channel.messages).toBe(tunnel.messages)
      expect(channel.messages).toBeGreaterThan(0)
    })

    test('a channel that is refused, or dialled by the wrong type of address, gives way to the tunnel', () => {
      const { refused, unanswered } = resultOf('channel-fallback') as Record<string, readonly string[]>
      for (const steps of [refused, unanswered]) {
        expect(steps).toEqual(
          expect.arrayContaining(['client channel-connecting', 'client tunnel-connected', 'client response']),
        )
        expect(steps).not.toContain('client channel-connected')
      }
    })

    test('devices at random addresses that stay are dialled, and a wrong type of address is unreachable after 8 s', () => {
      const result = resultOf('channel-addresses') as {
        phone: { address: string }
        laptop: { adapter: string }
        misled: { end: string; elapsedMs: number }
      }
      expect(result).toEqual({
        phone: { address: 'C0:00:5E:00:53:10', addressType: 'random', adapter: expect.any(String) as string },
        laptop: { ...result.phone, adapter: 'C0:00:5E:00:53:11' },
        misled: { end: 'channel-unreachable', elapsedMs: expect.any(Number) as number },
      })
      expect(result.misled.elapsedMs).toBeGreaterThanOrEqual(8000)
      // The kernel waits for 40 s.
      expect(result.misled.elapsedMs).toBeLessThan(30_000)
    })

    test('a phone that is killed closes its channel, and without an adapter none is opened', () => {
      expect(resultOf('channel-cut')).toEqual({ killed: 'closed', withoutAdapter: 'channel-unreachable' })
    })

    test('bluetoothd takes the radio back from programs that were killed', () => {
      expect(resultOf('killed')).toEqual({ released: ['scan', 'advertise'] })
    })

    test('a scan and an advert survive adapters that are off, or gone, for a second', () => {
      const words = [
        'started',
        'interrupted bluetooth-off',
        'resumed',
        // It is switched off before it is removed, and bluetoothd tells both.
        expect.stringMatching(/^interrupted bluetooth-(?:off|lost)$/),
        'resumed',
      ]
      expect(resultOf('interruption')).toEqual({ hears: words, sends: words })
    })

    test('the adapters pass the compliance suite', () => {
      const { outcomes, omitted } = resultOf('compliance') as {
        outcomes: readonly { failure?: string }[]
        omitted: readonly object[]
      }
      expect(outcomes.length).toBeGreaterThan(0)
      expect(outcomes.filter(({ failure }) => failure !== undefined)).toEqual([])
      expect(omitted).toEqual([
        { name: 'scanner: hears two payloads from one address', reason: expect.any(String) as string },
      ])
    })

    test('the program ends by itself', () => {
      expect(resultOf('exit')).toBe(0)
    })
  })
}
