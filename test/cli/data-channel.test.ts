import { writeFile } from 'node:fs/promises'
import { beforeEach, describe, expect, test } from 'vitest'
import { decodeQrUrl } from '../../src/qr/url.js'
import { eventsOf, runHere } from '../support/run-cli.js'
import type { CliRun } from '../support/run-cli.js'
import { useAir, useTunnelService } from '../support/surroundings.js'
import { useFolderPerTest } from '../support/test-folder.js'

const OPTIONS = {
  rp: { id: 'example.com', name: 'Example' },
  user: { id: 'AAAA', name: 'anna', displayName: 'Anna' },
  challenge: 'AAAAAAAAAAAAAAAAAAAAAA',
  pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
  authenticatorSelection: { residentKey: 'required' },
}
const WALLET = { 'openid4vp-v1-unsigned': { vp_token: {} } }
const folder = useFolderPerTest()
const air = useAir()
const service = useTunnelService()

beforeEach(async () => {
  await Promise.all([
    writeFile(folder.at('register.json'), JSON.stringify(OPTIONS)),
    writeFile(folder.at('login.json'), JSON.stringify({ challenge: OPTIONS.challenge, rpId: 'example.com' })),
    writeFile(
      folder.at('digital.json'),
      JSON.stringify({ requests: [{ protocol: 'openid4vp-v1-unsigned', data: { nonce: 'n' } }] }),
    ),
    writeFile(folder.at('wallet.json'), JSON.stringify(WALLET)),
  ])
})

interface Met {
  readonly laptop: CliRun
  readonly phone: CliRun
  /** What the QR code said. */
  readonly url: string
}

interface Channels {
  readonly laptop: string
  readonly phone: string
  /** Of the tunnel service; the one that runs unless given. */
  readonly tunnelUrl?: string
  /** Of each stage. */
  readonly timeoutSeconds?: number
}

/** A laptop shows its code, and a phone reads it. */
async function meet(command: string, channels: Channels): Promise<Met> {
  const { laptop, phone, tunnelUrl = service.url, timeoutSeconds = 10 } = channels
  let url = ''
  let scanning: Promise<CliRun> | undefined
  const shared = ['--tunnel-url', tunnelUrl, '--json', '--timeout', String(timeoutSeconds)]
  const scan = (): Promise<CliRun> =>
    runHere([
      ...['phone', 'scan', url, '--advertise', `air:${air.url}`, '--store', folder.at('passkeys.json')],
      ...['--consent', 'always', '--wallet', folder.at('wallet.json'), '--data-channel', phone, ...shared],
    ])
  const onStdout = (text: string): void => {
    url ||= /"url":"(FIDO:\/\d+)"/.exec(text)?.[1] ?? ''
    if (url !== '') scanning ??= scan()
  }
  const shown = await runHere(
    [
      ...['client', command, '--options', folder.at(`${command}.json`), '--origin', 'https://example.com'],
      ...['--scan', `air:${air.url}`, '--data-channel', laptop, ...shared],
    ],
    { onStdout },
  )
  if (scanning === undefined) throw new Error(`no QR code was shown: ${shown.stdout}`)
  return { laptop: shown, phone: await scanning, url }
}

/** What a run that failed says. */
const failuresOf = (run: CliRun): readonly unknown[] =>
  run.code === 0 ? [] : eventsOf(run).filter(({ event }) => event === 'error')

const stepsOf = (run: CliRun): readonly unknown[] => eventsOf(run).map(({ event }) => event)

describe('with --data-channel ble on both sides', () => {
  test('registration, sign-in and a digital credential need no tunnel service', async () => {
    for (const command of ['register', 'login', 'digital']) {
      const { laptop, phone } = await meet(command, {
        laptop: 'ble',
        phone: 'ble',
        tunnelUrl: 'ws://127.0.0.1:1',
      })
      expect([laptop, phone].flatMap(failuresOf)).toEqual([])
      for (const run of [laptop, phone]) {
        expect(stepsOf(run)).toContain('channel-connected')
        expect(stepsOf(run)).not.toContain('tunnel-connecting')
      }
      expect(eventsOf(laptop)).toContainEqual(expect.objectContaining({ proximity: 'simulated' }))
    }
  })
})

test.each([
  ['auto', 'auto', 'channel-connected', [0, 1]],
  ['auto', 'ble', 'channel-connected', [0, 1]],
  ['ble', 'auto', 'channel-connected', [0, 1]],
  ['auto', 'tunnel', 'tunnel-connected', [0, 1]],
  ['tunnel', 'auto', 'tunnel-connected', undefined],
])('a laptop with %s and a phone with %s: the laptop is %s', async (laptop, phone, step, written) => {
  const met = await meet('register', { laptop, phone })
  expect([met.laptop.code, met.phone.code]).toEqual([0, 0])
  const connected = stepsOf(met.laptop).filter(event => String(event).endsWith('-connected'))
  expect(connected).toEqual([step])
  expect(decodeQrUrl(met.url).dataChannels).toEqual(written)
})

test.each([
  ['ble', 'tunnel', 'laptop'],
  ['tunnel', 'ble', 'phone'],
] as const)(
  'a laptop with %s and a phone with %s: the %s says that there is no channel',
  async (laptop, phone, who) => {
    const met = await meet('register', { laptop, phone, timeoutSeconds: 1 })
    expect(met[who].code).toBe(1)
    expect(eventsOf(met[who])).toContainEqual(
      expect.objectContaining({
        event: 'error',
        code: 'channel-unreachable',
        cure: expect.any(String) as string,
      }),
    )
  },
)

const laptopWords = ['client', 'register', '--options', 'x.json', '--origin', 'https://example.com']

test.each([
  [
    [...laptopWords, '--scan', 'noble', '--data-channel', 'ble'],
    '--scan auto, bluez, bluez:hciN or air:URL, not noble',
  ],
  [
    [...laptopWords, '--scan', 'stdin', '--data-channel', 'auto'],
    '--scan auto, bluez, bluez:hciN or air:URL, not stdin',
  ],
  [
    ['phone', 'scan', 'FIDO:/1', '--consent', 'always', '--advertise', 'stdout', '--data-channel', 'auto'],
    '--advertise auto, bluez, bluez:hciN or air:URL, not stdout',
  ],
  [[...laptopWords, '--data-channel', 'l2cap'], 'Allowed choices are tunnel, ble, auto'],
])('%j is a mistake in the command line', async (words, told) => {
  const run = await runHere(words)
  expect(run.code).toBe(2)
  expect(run.stderr).toContain(told)
})
