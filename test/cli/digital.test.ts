import { writeFile } from 'node:fs/promises'
import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { walletText } from '../../src/cli/options/wallet-consent.js'
import { cases } from '../support/cases.js'
import { eventsOf, runHere } from '../support/run-cli.js'
import type { CliRun } from '../support/run-cli.js'
import { useAir, useTunnelService } from '../support/surroundings.js'
import { useFolderPerTest } from '../support/test-folder.js'

const folder = useFolderPerTest()
const air = useAir()
const service = useTunnelService()

const ORIGIN = 'https://verifier.example'
const PROTOCOL = 'openid4vp-v1-unsigned'
const [WORKED_CODE = ''] = cases<{ url: string; requestType: string }>('worked-example', 'qr').flatMap(
  ({ url, requestType }) => (requestType === 'dcp' ? url : []),
)
const REQUEST = { requests: [{ protocol: PROTOCOL, data: { nonce: 'n-0S6' } }] }

/** A laptop’s command, and the phone’s that reads its QR code. */
async function meet(
  phoneOptions: readonly string[],
  request: object = REQUEST,
): Promise<{ laptop: CliRun; phone: CliRun | undefined; qr: unknown }> {
  await writeFile(folder.at('request.json'), JSON.stringify(request))
  const reach = ['--tunnel-url', service.url]
  let running: Promise<CliRun> | undefined
  let qr: unknown
  const stop = new AbortController()
  const args = ['client', 'digital', '--options', folder.at('request.json'), '--origin', ORIGIN, '--json']
  const laptop = await runHere([...args, '--scan', `air:${air.url}`, ...reach], {
    signal: stop.signal,
    onStdout: text => {
      const line = text.split('\n').find(each => each.includes('"event":"qr"'))
      if (line === undefined || running !== undefined) return
      qr = (JSON.parse(line) as { url: unknown }).url
      const own = ['--store', folder.at('passkeys.json'), '--json', '--advertise', `air:${air.url}`]
      running = runHere(['phone', 'scan', String(qr), ...own, ...reach, ...phoneOptions], {
        onStdout: said => {
          if (phoneOptions.includes('wait') && said.includes('"awaiting-user"'))
            stop.abort(new Error('enough'))
        },
      })
    },
  })
  return { laptop, phone: await running, qr }
}

const walletFile = async (wallet: unknown): Promise<string> => {
  await writeFile(folder.at('wallet.json'), typeof wallet === 'string' ? wallet : JSON.stringify(wallet))
  return folder.at('wallet.json')
}

describe('client digital and phone scan --wallet', () => {
  test('give the verifier what is in the file', async () => {
    const file = await walletFile({ 'org-iso-mdoc': {}, [PROTOCOL]: { vp_token: { pid: ['x'] } } })
    const { laptop, phone } = await meet(['--wallet', file, '--consent', 'always'])
    expect([laptop.code, phone?.code]).toEqual([0, 0])
    expect(eventsOf(laptop).at(-1)).toEqual({
      event: 'digital',
      response: { protocol: PROTOCOL, data: { vp_token: { pid: ['x'] } } },
      proximity: 'simulated',
    })
    const told = phone && eventsOf(phone)
    expect(told).toContainEqual(
      expect.objectContaining({
        event: 'consent',
        operation: 'presentation',
        origin: ORIGIN,
        protocol: PROTOCOL,
        asks: [],
      }),
    )
    expect(told).toContainEqual({ event: 'presented', origin: ORIGIN, protocol: PROTOCOL })
  })

  test.each<[string, readonly string[], string, number, object]>([
    [
      'the wallet declines',
      ['--wallet', 'decline', '--consent', 'always'],
      'wallet-refused',
      1,
      { event: 'refused', operation: 'presentation', origin: ORIGIN },
    ],
    [
      'the user refuses',
      ['--wallet', 'FILE', '--consent', 'never'],
      'wallet-refused',
      1,
      { event: 'refused', operation: 'presentation', origin: ORIGIN },
    ],
    [
      'nothing matches',
      ['--wallet', 'EMPTY', '--consent', 'always'],
      'wallet-empty',
      0,
      { event: 'answered', status: 'NO_CREDENTIAL' },
    ],
    [
      'the phone has no wallet',
      ['--consent', 'always'],
      'feature-missing',
      1,
      expect.objectContaining({ event: 'error', code: 'peer-closed' }) as object,
    ],
    [
      'nobody reacts',
      ['--wallet', 'wait', '--consent', 'always'],
      'aborted',
      1,
      expect.objectContaining({ event: 'error', code: 'peer-closed' }) as object,
    ],
  ])('fail where %s', async (_, options, code, phoneCode, told) => {
    const file = await walletFile(options.includes('EMPTY') ? { 'org-iso-mdoc': {} } : { [PROTOCOL]: {} })
    const { laptop, phone } = await meet(options.map(each => (/^[A-Z]+$/.test(each) ? file : each)))
    expect(eventsOf(laptop).at(-1)).toMatchObject({ event: 'error', code })
    expect(phone?.code).toBe(phoneCode)
    expect(phone && eventsOf(phone)).toContainEqual(told)
  })

  test('refuse options that are not a request before a QR code is shown', async () => {
    const { laptop, qr } = await meet([], { requests: [] })
    expect([laptop.code, qr]).toEqual([1, undefined])
    expect(eventsOf(laptop).at(-1)).toMatchObject({ code: 'options-invalid' })
  })

  test.each(['nonsense', '[]', '{"p":7}'])('refuse %s for a wallet: exit code 2', async text => {
    const args = [
      '--wallet',
      await walletFile(text),
      '--consent',
      'always',
      '--advertise',
      'stdout',
      '--json',
    ]
    const run = await runHere(['phone', 'scan', WORKED_CODE, ...args])
    expect(run.code).toBe(2)
  })

  test('ask at the terminal about origin, protocol and claims', () => {
    const text = walletText({
      kind: 'presentation',
      origin: 'https://verifier.example\u001B[2J',
      protocol: PROTOCOL,
      data: {},
      asks: Array.from({ length: 22 }, (_, index) => `claim ${index}`),
      proximity: 'simulated',
      qrAgeSeconds: 3,
    })
    expect(text).not.toContain('\u001B')
    for (const part of [
      'https://verifier.example',
      PROTOCOL,
      'asks for: claim 19',
      'and for 2 more',
      'made 3 s ago',
      'simulated',
    ])
      expect(text).toContain(part)
    expect(text).not.toContain('claim 20')
    const [issuance, presentation] = (['issuance', 'presentation'] as const).map(kind =>
      walletText({ kind, origin: ORIGIN, protocol: PROTOCOL, data: {}, asks: [] }),
    )
    expect(issuance).toContain('wants to put a digital credential into the wallet')
    expect(issuance).not.toContain('asks for')
    expect(presentation).toContain('asks for: what this phone cannot read')
  })

  test.each([
    ['y', 0, 'presented'],
    ['n', 1, 'refused'],
  ])('take %s at the prompt', async (answer, code, event) => {
    const file = await walletFile({ [PROTOCOL]: {} })
    await writeFile(folder.at('request.json'), JSON.stringify(REQUEST))
    const stdin = Object.assign(new PassThrough(), { isTTY: true })
    let running: Promise<CliRun> | undefined
    const args = ['--options', folder.at('request.json'), '--origin', ORIGIN, '--scan', `air:${air.url}`]
    await runHere(['client', 'digital', ...args, '--tunnel-url', service.url, '--json'], {
      onStdout: text => {
        const url = /"url":"(FIDO:\/\d+)"/.exec(text)?.[1]
        if (url === undefined || running !== undefined) return
        const own = ['--wallet', file, '--store', folder.at('passkeys.json'), '--advertise', `air:${air.url}`]
        running = runHere(['phone', 'scan', url, ...own, '--tunnel-url', service.url, '--json'], {
          stdin,
          onStdout: said => {
            if (said.includes('"awaiting-user"')) stdin.write(`${answer}\n`)
          },
        })
      },
    })
    const phone = await running
    expect(phone?.code).toBe(code)
    expect(phone && eventsOf(phone)).toContainEqual(expect.objectContaining({ event }))
  })
})

describe('inspect', () => {
  const [request = '', response = ''] = cases<{ text?: string }>('worked-example', 'frames').flatMap(
    ({ text = [] }) => text,
  )
  const hex = (text: string): string => `03${Buffer.from(text).toString('hex')}`
  const inspected = async (...args: string[]): Promise<unknown> => {
    const run = await runHere(['inspect', ...args, '--json'])
    return eventsOf(run)[0]
  }

  test('explains the code of a verifier, its request and the answer', async () => {
    expect(await inspected(WORKED_CODE)).toMatchObject({
      kind: 'qr',
      members: {
        requestType: 'dcp (present a digital credential)',
        carries: expect.stringContaining('JSON') as string,
      },
    })
    expect(await inspected(hex(request))).toMatchObject({
      kind: 'message:json:digital-request',
      members: { origin: ORIGIN, kind: 'presentation', requests: [{ protocol: PROTOCOL }] },
    })
    const answer = {
      kind: 'message:json:digital-response',
      members: { protocol: PROTOCOL, data: '[redacted]' },
    }
    expect(await inspected(hex(response))).toMatchObject(answer)
    expect(await inspected(hex(response), '--secrets')).toMatchObject({
      members: { data: { data: { vp_token: {} } } },
    })
    expect(await inspected(hex('{"response":{"digital":{"error":"NO_CREDENTIAL"}}}'))).toMatchObject({
      about: expect.stringContaining('refusal') as string,
      members: { error: 'NO_CREDENTIAL' },
    })
    expect(await inspected(hex('{"a":1}'))).toMatchObject({ kind: 'json', members: { json: { a: 1 } } })
  })
})
