import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { HybridError } from '../../src/errors.js'
import type { CeremonyOptions } from '../../src/index.js'
import { nobleProvider } from '../../src/wire.js'
import { alwaysRefuse, createLab, createRelyingParty } from '../../src/testing.js'
import type { LabOptions, LabPhoneOptions } from '../../src/testing.js'
import { recordSessions, replay } from '../../src/trace.js'
import { asking, GIVEN, UNSIGNED, wallet } from '../support/digital.js'
import { linkedLab, serving } from '../support/linked-pair.js'
import { providers } from '../support/providers.js'
import { thrownBy } from '../support/thrown.js'

const origin = 'https://login.example.com'

/** The recording of both sides of a ceremony, in one file. */
async function recorded(
  phoneOptions: LabPhoneOptions,
  run: (
    lab: ReturnType<typeof createLab>,
    rp: Awaited<ReturnType<typeof createRelyingParty>>,
    ceremony: CeremonyOptions,
  ) => Promise<unknown>,
  labOptions: LabOptions = {},
): Promise<string> {
  const lines: string[] = []
  const recording = recordSessions({ crypto: nobleProvider, write: line => lines.push(line) })
  const lab = createLab({ crypto: recording.crypto, ...labOptions })
  const phone = lab.phone(phoneOptions)
  const rp = await createRelyingParty({ origin })
  const onQr = (qr: { readonly url: string }): unknown => phone.scan(qr.url, { trace: recording })
  await run(lab, rp, { origin, onQr, trace: recording }).catch(() => undefined)
  return lines.join('')
}

const registration = (options: LabPhoneOptions = {}, labOptions?: LabOptions): Promise<string> =>
  recorded(
    options,
    async (lab, rp, ceremony) => lab.client().create(await rp.creationOptions(), ceremony),
    labOptions,
  )

const codeOf = (error: unknown): unknown => (error instanceof HybridError ? error.code : error)

describe('a recording', () => {
  it.each<[string, () => Promise<string>]>([
    ['a registration', () => registration()],
    ['a registration over a data channel', () => registration({}, { dataChannel: 'auto' })],
    ['a registration over a data channel alone', () => registration({}, { dataChannel: 'ble' })],
    ['a refusal', () => registration({ consent: alwaysRefuse('hang-up') })],
    ['a phone of another make', () => registration({ profile: 'ios' })],
    [
      'a digital credential',
      () =>
        recorded(wallet({ credentials: { [UNSIGNED]: GIVEN } }), (lab, _rp, { onQr, trace }) =>
          lab.client().getDigital(asking(UNSIGNED), { origin, trace, onQr: onQr as () => unknown }),
        ),
    ],
  ])('of %s replays on every provider', async (_what, record) => {
    const text = await record()
    for (const provider of providers) {
      const sessions = replay(text, provider)
      expect(sessions.map(({ role, departure }) => ({ role, departure }))).toEqual([
        { role: 'client', departure: undefined },
        { role: 'authenticator', departure: undefined },
      ])
      expect(Math.min(...sessions.map(({ steps }) => steps))).toBeGreaterThan(3)
    }
  })

  it('of a link, and of a sign-in by it, replays', async () => {
    const lines: string[] = []
    const recording = recordSessions({ crypto: nobleProvider, write: line => lines.push(line) })
    const { crypto } = recording
    const lab = linkedLab()
    const [laptop, mobile] = [lab.client({ crypto }), lab.phone({ crypto })]
    const onQr = (qr: { readonly url: string }): unknown =>
      mobile.phone.scan(qr.url, { source: 'camera', remember: true, trace: recording })
    const byQr = await laptop.client.connect({ onQr, trace: recording })
    await byQr.call(Uint8Array.of(1))
    await byQr.close()
    const [link] = await laptop.links.list()
    if (link === undefined) throw new Error('no link was made')
    const phone = await serving(mobile, { trace: recording })
    const byLink = await laptop.client.connect({ link, trace: recording })
    await byLink.call(Uint8Array.of(1))
    await byLink.close()
    await phone.stop()
    expect(lines.join('')).toContain('"type":"link"')
    for (const provider of providers)
      expect(replay(lines.join(''), provider)).toEqual(
        [
          ['client', 'qr-initiated'],
          ['authenticator', 'qr-initiated'],
          ['client', 'state-assisted'],
          ['authenticator', 'state-assisted'],
        ].map(([role, kind]) => ({ role, kind, steps: expect.any(Number) as number, departure: undefined })),
      )
  })

  it.each([
    ['another key', /"secret":\{"hex":"../, '"secret":{"hex":"00'],
    ['another input', /"serviceData":\{"hex":"..(?=[0-9a-f]{38}"\}\})/, '"serviceData":{"hex":"00'],
    ['another output', /"type":"send","bytes":\{"hex":"../, '"type":"send","bytes":{"hex":"00'],
  ])('departs with %s', async (_what, part, other) => {
    const text = await registration()
    const changed = text.replace(part, other)
    expect(changed).not.toBe(text)
    const departures = replay(changed, nobleProvider).flatMap(({ departure }) => departure ?? [])
    expect(departures.length).toBeGreaterThan(0)
    for (const { expected, actual } of departures) expect(actual).not.toBe(expected)
  })

  it('says the first line where it departs', async () => {
    const text = await registration()
    const lines = text.split('\n')
    const index = lines.findIndex(line => line.includes('"tunnel-message"'))
    lines[index] = (lines[index] ?? '').replace(/"outputs":\[/, '"outputs":[1,')
    const [departed] = replay(lines.join('\n'), nobleProvider).filter(({ departure }) => departure)
    expect(departed?.departure?.line).toBe(index + 1)
  })

  it.each<[string, string]>([
    ['nothing', ''],
    ['another file', '{"type":"trace","format":1}\n'],
    ['another version', '{"type":"recording","format":2}\n'],
    ['no JSON', '{"type":"recording","format":1}\nx\n'],
    ['a step without a session', '{"type":"recording","format":1}\n{"type":"step"}\n'],
    [
      'a session without parts',
      '{"type":"recording","format":1}\n{"type":"session","role":"client","kind":"qr-initiated"}\n',
    ],
    [
      'a session without its key',
      '{"type":"recording","format":1}\n{"type":"session","role":"client","kind":"qr-initiated","parts":{}}\n',
    ],
    [
      'an unknown role',
      '{"type":"recording","format":1}\n{"type":"session","role":"cat","kind":"qr-initiated","parts":{}}\n',
    ],
  ])('is refused: %s', (_what, text) => {
    expect(codeOf(thrownBy(() => replay(text, nobleProvider)))).toBe('json-malformed')
  })
})

const SESSIONS = new URL('../../fixtures/sessions/', import.meta.url)

describe.each(providers)('recorded sessions on $name', provider => {
  it.each(readdirSync(SESSIONS).filter(name => name.endsWith('.jsonl')))('%s replays', name => {
    const sessions = replay(readFileSync(new URL(name, SESSIONS), 'utf8'), provider)
    expect(sessions.length).toBeGreaterThan(0)
    for (const session of sessions) expect(session).toMatchObject({ departure: undefined })
  })
})
