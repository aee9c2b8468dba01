import { writeFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { systemClock, systemRandom } from '../../src/adapters/system/system.js'
import { qrSecret } from '../../src/bytes/brands.js'
import { encodeQrUrl, nobleProvider } from '../../src/wire.js'
import { CREATION_OPTIONS } from '../support/ceremony-inputs.js'
import { eventsOf, runHere } from '../support/run-cli.js'
import { useFolderPerTest } from '../support/test-folder.js'

const folder = useFolderPerTest()
/** Where a phone gets to whose code and nearness are taken: a tunnel service that is not there. */
const NOBODY = ['--tunnel-url', 'ws://127.0.0.1:1']
const REACHED = { exit: 1, code: 'tunnel-unreachable' }

function codeOfAge(seconds: number): string {
  return encodeQrUrl({
    publicKey: nobleProvider.generateEcdhKey().publicKey,
    secret: qrSecret(systemRandom.bytes(16)),
    knownTunnelServices: 2,
    time: systemClock.epochSeconds() - seconds,
    requestType: 'mc',
  })
}

async function lastOf(...args: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const run = await runHere([...args, '--json'])
  return { exit: run.code, ...eventsOf(run).at(-1) }
}

function scan(url: string, ...args: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const phone = ['--store', folder.at('passkeys.json'), '--consent', 'always', '--advertise', 'stdout']
  return lastOf('phone', 'scan', url, ...phone, ...NOBODY, ...args)
}

describe('phone scan', () => {
  test.each([
    ['pasted, as if nothing is said', [], REACHED],
    ['from a camera', ['--from', 'camera'], REACHED],
    ['from an opened URL', ['--from', 'opened-url'], { exit: 1, code: 'qr-source-untrusted' }],
    ['from an opened URL that is allowed', ['--from', 'opened-url', '--allow-opened-urls'], REACHED],
    ['from nowhere that there is', ['--from', 'mail'], { exit: 2 }],
    ['from a picture that is also pasted', ['--image', 'qr.png', '--from', 'paste'], { exit: 2 }],
  ])('judges a code %s', async (_, args, end) => {
    expect(await scan(codeOfAge(1), ...args)).toMatchObject(end)
    expect(await folder.names()).toEqual([])
  })

  test.each([
    ['a line end behind it', (url: string) => `${url}\n`],
    ['a line end of Windows behind it', (url: string) => `${url}\r\n`],
    ['a blank before it', (url: string) => ` ${url}`],
    ['blanks and line ends around it', (url: string) => `\t\n ${url} \n\n`],
  ])('takes a pasted code with %s', async (_, pasted) => {
    expect(await scan(pasted(codeOfAge(1)))).toMatchObject(REACHED)
  })

  test.each([
    ['a line end inside', (url: string) => `${url.slice(0, 80)}\n${url.slice(80)}`, /white space/],
    ['a blank inside', (url: string) => `${url.slice(0, 6)} ${url.slice(6)}`, /white space/],
    ['two slashes', (url: string) => url.replace('/', '//'), /digit/],
    ['a letter behind it', (url: string) => `${url}x`, /digit/],
  ])('refuses a pasted code with %s', async (_, pasted, message) => {
    const { code, message: said } = await scan(pasted(codeOfAge(1)))
    expect(code).toBe('qr-url-malformed')
    expect(said).toMatch(message)
  })

  test.each([
    ['just now', 0, [], REACHED],
    ['eleven minutes ago', 660, [], { exit: 1, code: 'qr-too-old' }],
    ['eleven minutes ago, with patience', 660, ['--max-qr-age', '900'], REACHED],
    ['a minute ago, in a hurry', 60, ['--max-qr-age', '30'], { exit: 1, code: 'qr-too-old' }],
    ['at no plausible time', 1_700_000_000, [], REACHED],
    ['some time ago', 60, ['--max-qr-age', 'soon'], { exit: 2 }],
  ])('judges a code that was made %s', async (_, age, args, end) => {
    expect(await scan(codeOfAge(age), ...args)).toMatchObject(end)
  })
})

test('inspect tells the age of a code', async () => {
  const inspected = await lastOf('inspect', codeOfAge(90))
  expect(JSON.stringify(inspected)).toMatch(/\b9[0-5] s/)
})

test.each([
  ['refuses a simulated radio with a tunnel service elsewhere', [], 'proximity-unproven'],
  ['takes it when told to', ['--allow-unproven-proximity'], 'advert-timeout'],
])('the laptop %s', async (_, args, code) => {
  await writeFile(folder.at('options.json'), JSON.stringify(CREATION_OPTIONS))
  const request = ['--options', folder.at('options.json'), '--origin', 'https://login.example.com']
  const elsewhere = ['--scan', 'stdin', '--tunnel-url', 'wss://tunnel.example', '--timeout', '1']
  const end = await lastOf('client', 'register', ...request, ...elsewhere, ...args)
  expect(end).toMatchObject({ exit: 1, code })
})
