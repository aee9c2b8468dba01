import { writeFile } from 'node:fs/promises'
import { PassThrough } from 'node:stream'
import { PNG } from 'pngjs'
import { describe, expect, test } from 'vitest'
import { airScanner } from '../../src/adapters/air/air-client.js'
import { qrcodePainter } from '../../src/adapters/qrcode/qrcode.js'
import { decodeAuthenticatorData } from '../../src/ctap/authenticator-data.js'
import { HybridClient } from '../../src/index.js'
import type { RegistrationResponseJSON } from '../../src/index.js'
import { nodePlatform } from '../../src/node.js'
import { CREATION_OPTIONS, someQrUrl, withWrongDigit } from '../support/ceremony-inputs.js'
import { eventsOf, runHere } from '../support/run-cli.js'
import type { CliRun } from '../support/run-cli.js'
import { useAir, useTunnelService } from '../support/surroundings.js'
import { useFolderPerTest } from '../support/test-folder.js'

const folder = useFolderPerTest()

function aaguidOf(outcome: PromiseSettledResult<RegistrationResponseJSON>): string {
  if (outcome.status === 'rejected') throw outcome.reason
  const { authenticatorData } = outcome.value.response
  const { attestedCredential } = decodeAuthenticatorData(
    Uint8Array.from(Buffer.from(authenticatorData, 'base64url')),
  )
  return Buffer.from(attestedCredential?.aaguid ?? []).toString('hex')
}

describe('at a terminal', () => {
  const air = useAir()
  const service = useTunnelService()

  /** A laptop asks, and somebody at the phone’s terminal types this. */
  async function registerWith(
    typed: string,
    options: readonly string[] = [],
  ): Promise<{ run: CliRun; outcome: PromiseSettledResult<RegistrationResponseJSON> }> {
    const platform = nodePlatform({ scanner: airScanner(air.url) })
    const client = new HybridClient({ ...platform, tunnelUrl: service.url })
    const stdin = Object.assign(new PassThrough(), { isTTY: true })
    stdin.write(typed)
    let running: Promise<CliRun> | undefined
    const onQr = ({ url }: { url: string }): void => {
      const reach = ['--advertise', `air:${air.url}`, '--tunnel-url', service.url]
      const args = [
        'phone',
        'scan',
        url,
        ...reach,
        '--store',
        folder.at('passkeys.json'),
        '--json',
        ...options,
      ]
      running = runHere(args, { stdin })
    }
    const [outcome] = await Promise.allSettled([
      client.create(CREATION_OPTIONS, { origin: 'https://login.example.com', onQr }),
    ])
    if (running === undefined) throw new Error('no QR code was shown')
    return { run: await running, outcome }
  }

  test('the user approves', async () => {
    const { run, outcome } = await registerWith('y\n')
    expect(outcome.status).toBe('fulfilled')
    expect(run.code).toBe(0)
    expect(run.stderr).toContain('example.com (Example) wants to register a passkey')
    expect(eventsOf(run)).toContainEqual(
      expect.objectContaining({ event: 'registered', rpId: 'example.com', userName: 'ada' }),
    )
    expect(await folder.names()).toEqual(['passkeys.json'])
  })

  test.each([
    ['generic', '00000000000000000000000000000000'],
    ['ms-authenticator', 'de1e552ddb1d4423a619566b625cdc84'],
    ['ios', 'fbfc3007154e4ecc8c0b6e020557d7bd'],
  ])('the phone is like %s', async (profile, aaguid) => {
    const { run, outcome } = await registerWith('y\n', ['--profile', profile])
    expect(run.code).toBe(0)
    expect(outcome.status).toBe('fulfilled')
    expect(aaguidOf(outcome)).toBe(aaguid)
  })

  test('the user refuses', async () => {
    const { run, outcome } = await registerWith('n\n')
    expect(outcome).toMatchObject({
      status: 'rejected',
      reason: { name: 'NotAllowedError', code: 'peer-closed' },
    })
    expect(run.code).toBe(1)
    expect(eventsOf(run).at(-1)).toMatchObject({ event: 'error', code: 'aborted' })
    expect(await folder.names()).toEqual([])
  })

  test('the user presses Ctrl-C', async () => {
    const { run, outcome } = await registerWith('\u0003')
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'peer-closed' } })
    expect(run.code).toBe(130)
    expect(eventsOf(run).map(({ event }) => event)).not.toContain('refused')
    expect(eventsOf(run).at(-1)).toMatchObject({
      event: 'error',
      code: 'aborted',
      message: 'ended by Ctrl-C',
    })
    expect(await folder.names()).toEqual([])
  })
})

describe('the QR code', () => {
  /** Where a phone gets to that has a sound QR code and no tunnel service. */
  const NOBODY = ['--tunnel-url', 'ws://127.0.0.1:1', '--advertise', 'stdout', '--consent', 'always']

  async function scan(...args: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
    const run = await runHere([
      'phone',
      'scan',
      ...args,
      ...NOBODY,
      '--store',
      folder.at('passkeys.json'),
      '--json',
    ])
    return { exit: run.code, ...eventsOf(run).at(-1) }
  }

  async function scanImage(png: Uint8Array): Promise<Readonly<Record<string, unknown>>> {
    await writeFile(folder.at('qr.png'), png)
    return scan('--image', folder.at('qr.png'))
  }

  test('comes as an argument', async () => {
    expect(await scan(someQrUrl())).toMatchObject({ exit: 1, code: 'tunnel-unreachable' })
  })

  test.each([
    ['a pipe', false, ''],
    ['a terminal, which is told what to paste', true, 'Type or paste here what the QR code says'],
  ])('comes as a line on stdin, %s', async (_, isTTY, told) => {
    const stdin = Object.assign(new PassThrough(), { isTTY })
    stdin.write(`  ${someQrUrl()} \r\n`)
    const run = await runHere(['phone', 'scan', '-', ...NOBODY, '--store', folder.at('a.json'), '--json'], {
      stdin,
    })
    expect(eventsOf(run).at(-1)).toMatchObject({ code: 'tunnel-unreachable' })
    expect(/^Type or paste .*says/.exec(run.stderr)?.[0] ?? '').toBe(told)
  })

  test('comes as a picture', async () => {
    const png = await qrcodePainter.toPng(someQrUrl())
    expect(await scanImage(png)).toMatchObject({ exit: 1, code: 'tunnel-unreachable' })
  })

  test.each([
    ['with other text', () => qrcodePainter.toPng('https://example.com'), 1, 'qr-url-malformed'],
    ['without a code', () => PNG.sync.write(new PNG({ width: 64, height: 64 })), 1, 'qr-url-malformed'],
    ['that is empty', () => new Uint8Array(), 2, 'argument-invalid'],
    [
      'that is cut',
      async () => (await qrcodePainter.toPng(someQrUrl())).slice(0, 100),
      2,
      'argument-invalid',
    ],
    [
      'with two headers',
      async () => withSecondHeader(await qrcodePainter.toPng(someQrUrl())),
      2,
      'argument-invalid',
    ],
    [
      'that is interlaced',
      async () => withHeader(await qrcodePainter.toPng('a'), 28, 1),
      2,
      'argument-invalid',
    ],
    [
      'that claims to be huge',
      async () => withHeader(await qrcodePainter.toPng('a'), 16, 1),
      2,
      'argument-invalid',
    ],
  ])('does not come from a picture %s', async (_, png, exit, code) => {
    expect(await scanImage(await png())).toMatchObject({ exit, code })
  })

  test.each([
    ['a wrong digit', withWrongDigit(someQrUrl()), /^(cbor-|qr-)/],
    ['a digit too many', `${someQrUrl()}0`, /^qr-url-malformed$/],
    ['a letter', someQrUrl().replace(/\d$/, 'x'), /^qr-url-malformed$/],
    ['another scheme', 'https://example.com', /^qr-url-malformed$/],
  ])('does not come with %s, and nothing is stored', async (_, url, code) => {
    expect(await scan(url)).toMatchObject({
      exit: 1,
      fault: 'peer',
      code: expect.stringMatching(code) as string,
    })
    expect(await folder.names()).toEqual([])
  })
})

function withHeader(png: Uint8Array, offset: number, value: number): Uint8Array {
  return png.with(offset, value)
}

/** Signature and header again behind the first header. */
function withSecondHeader(png: Uint8Array): Uint8Array {
  const HEADER_END = 33
  return Buffer.concat([png.slice(0, HEADER_END), png.slice(8, HEADER_END), png.slice(HEADER_END)])
}
