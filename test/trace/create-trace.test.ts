import { describe, expect, it } from 'vitest'
import { encodeGetInfo } from '../../src/ctap/get-info.js'
import { DeadlineError, ProximityError, TunnelError, UsageError } from '../../src/errors.js'
import type { CeremonyOptions, TunnelDialer } from '../../src/index.js'
import { alwaysRefuse, createLab, createRelyingParty } from '../../src/testing.js'
import type { LabPhone, LabPhoneOptions } from '../../src/testing.js'
import { createTrace, readTrace, TRACE_MAX_BYTES } from '../../src/trace.js'
import type { ReadSession, Trace, TraceRecord } from '../../src/trace.js'
import { WebAuthnError } from '../../src/webauthn/webauthn-error.js'
import { asking, GIVEN, UNSIGNED, wallet } from '../support/digital.js'

const origin = 'https://login.example.com'

interface Kept {
  readonly trace: Trace
  readonly lines: string[]
}

function keep(): Kept {
  const lines: string[] = []
  return { lines, trace: createTrace({ write: line => lines.push(line) }) }
}

/** Both sides of one registration, each with a trace of its own. */
async function register(
  options: LabPhoneOptions = {},
  more: Partial<CeremonyOptions> = {},
): Promise<{ readonly client: ReadSession; readonly phone: ReadSession; readonly texts: string }> {
  const lab = createLab()
  const phone: LabPhone = lab.phone(options)
  const rp = await createRelyingParty({ origin })
  const [laptop, mobile] = [keep(), keep()]
  const onQr = (qr: { readonly url: string }): unknown => phone.scan(qr.url, { trace: mobile.trace })
  const ceremony = { origin, onQr, trace: laptop.trace, ...more }
  await lab
    .client()
    .create(await rp.creationOptions(), ceremony)
    .catch(() => undefined)
  return {
    client: onlySession(laptop),
    phone: onlySession(mobile),
    texts: [...laptop.lines, ...mobile.lines].join(''),
  }
}

function onlySession({ lines }: Kept): ReadSession {
  const sessions = readTrace(lines.join('')).flatMap(run => run.sessions)
  expect(sessions).toHaveLength(1)
  const [session] = sessions
  if (session === undefined) throw new Error('no session')
  return session
}

/** What happened, in short: a step by its event. */
const storyOf = ({ events }: ReadSession): readonly string[] =>
  events.map(event => (event.type === 'step' ? event.event : `[${event.type}]`))

describe('a trace of a registration', () => {
  it('has the client’s story, with sizes, statuses and what the phone says of itself', async () => {
    const { client } = await register()
    expect(client).toMatchObject({
      role: 'client',
      kind: 'qr-initiated',
      requestType: 'mc',
      proximity: 'simulated',
    })
    expect(storyOf(client)).toEqual([
      'qr-shown',
      'scanning',
      '[advert]',
      '[dial]',
      'advert-seen',
      'tunnel-connecting',
      '[sent]',
      'tunnel-connected',
      'handshake',
      '[received]',
      '[received]',
      '[introduction]',
      'connected',
      '[request]',
      '[sent]',
      'request-sent',
      'awaiting-user',
      '[received]',
      '[answer]',
      'response',
      '[sent]',
      '[end]',
      'closed',
    ])
    expect(client.events).toContainEqual(expect.objectContaining({ type: 'advert', bytes: 20, heard: 1 }))
    expect(client.events).toContainEqual(expect.objectContaining({ type: 'answer', status: 0 }))
    expect(client.events).toContainEqual(expect.objectContaining({ type: 'request', command: 1 }))
    expect(client.events.find(({ type }) => type === 'introduction')).toEqual({
      type: 'introduction',
      session: 1,
      ms: expect.any(Number) as number,
      features: ['ctap'],
      versions: ['FIDO_2_0', 'FIDO_2_1'],
      extensions: ['credProtect', 'largeBlob', 'prf'],
      options: ['-plat', 'rk', 'up', 'uv'],
      transports: ['hybrid', 'internal'],
      aaguid: '00000000-0000-0000-0000-000000000000',
      algorithms: expect.any(Array) as number[],
      maxMsgSize: 65_536,
      others: 0,
    })
    expect(client.events.find(({ type }) => type === 'end')).not.toHaveProperty('errors')
  })

  it('has the phone’s story', async () => {
    const { phone } = await register()
    expect(phone).toMatchObject({
      role: 'authenticator',
      kind: 'qr-initiated',
      requestType: 'mc',
      qrAgeSeconds: 0,
    })
    expect(storyOf(phone)).toEqual([
      '[dial]',
      'tunnel-connecting',
      '[advertised]',
      'tunnel-connected',
      'advertising',
      '[received]',
      '[sent]',
      '[sent]',
      'handshake',
      'connected',
      '[received]',
      '[request]',
      'request-received',
      'awaiting-user',
      '[answer]',
      '[sent]',
      'response',
      '[received]',
      '[end]',
      'closed',
    ])
  })

  it('names nothing of the ceremony', async () => {
    const { texts } = await register()
    expect(texts).not.toMatch(/example|login|ada|FIDO:|wss?:|cable\./i)
    // Words, numbers and one UUID: whatever is long is known.
    const long = texts.match(/"[^"]{25,}"/g) ?? []
    expect(new Set(long)).toEqual(new Set(['"00000000-0000-0000-0000-000000000000"']))
  })

  it('says how it failed', async () => {
    const { client, phone } = await register({ consent: alwaysRefuse('deny') })
    expect(client.events).toContainEqual(expect.objectContaining({ type: 'answer', status: 0x27 }))
    expect(phone.events).toContainEqual(expect.objectContaining({ type: 'answer', status: 0x27, bytes: 1 }))
    const hungUp = await register({ consent: alwaysRefuse('hang-up') })
    expect(hungUp.client.events.find(({ type }) => type === 'end')).toMatchObject({
      errors: [{ code: 'peer-closed', stage: 'response' }],
      heard: 1,
    })
    expect(hungUp.phone.events).toContainEqual(expect.objectContaining({ type: 'answer', bytes: 0 }))
  })

  it('says why an answer could not be used', async () => {
    const onResponse = (): never => {
      throw new Error('the server at login.example.com is down')
    }
    const { client, texts } = await register({}, { onResponse })
    expect(client.events.find(({ type }) => type === 'end')).toMatchObject({
      errors: [{ code: 'callback-failed' }, { code: 'other' }],
    })
    expect(texts).not.toContain('server')
  })

  it('keeps of a phone’s words those that the format has', async () => {
    const getInfo = encodeGetInfo({
      versions: ['FIDO_2_0', 'ada@example.com'],
      extensions: ['prf', 'Ada’s extension'],
      aaguid: Uint8Array.from({ length: 16 }, (_, index) => index),
      options: new Map([
        ['rk', true],
        ['Ada', true],
      ]),
      transports: ['hybrid', 'carrier pigeon'],
      maxMsgSize: 2 ** 40,
    })
    const handler = {
      getInfo: () => getInfo,
      handle: () => Promise.resolve(Uint8Array.of(0x27)),
      features: ['ctap', 'x'],
    }
    const { client, texts } = await register({ handler })
    expect(client.events.find(({ type }) => type === 'introduction')).toMatchObject({
      versions: ['FIDO_2_0'],
      extensions: ['prf'],
      options: ['rk'],
      transports: ['hybrid'],
      aaguid: '00010203-0405-0607-0809-0a0b0c0d0e0f',
      maxMsgSize: 2 ** 32 - 1,
      others: 5,
    })
    expect(texts).not.toMatch(/ada|pigeon/i)
  })
})

describe('a trace', () => {
  it('has the sessions of a phone that serves, one after the other', async () => {
    const lab = createLab()
    const kept = keep()
    const rp = await createRelyingParty({ origin })
    const phone = lab.phone()
    const onQr = (qr: { readonly url: string }): unknown => phone.scan(qr.url, { trace: kept.trace })
    const client = lab.client()
    await rp.register(await client.create(await rp.creationOptions(), { origin, onQr }))
    await rp.signIn(await client.get(await rp.requestOptions(), { origin, onQr }))
    const [run] = readTrace(kept.lines.join(''))
    expect(run?.sessions.map(({ requestType }) => requestType)).toEqual(['mc', 'ga'])
  })

  it('has digital credentials without what is in them', async () => {
    const lab = createLab()
    const kept = keep()
    const phone = lab.phone(wallet({ credentials: { [UNSIGNED]: GIVEN } }))
    const onQr = (qr: { readonly url: string }): unknown => phone.scan(qr.url, { trace: kept.trace })
    await lab.client().getDigital(asking(UNSIGNED), { origin, onQr, trace: kept.trace })
    const [run] = readTrace(kept.lines.join(''))
    for (const session of run?.sessions ?? []) {
      expect(session.requestType).toBe('dcp')
      expect(session.events).toContainEqual(
        expect.objectContaining({ type: 'request', bytes: expect.any(Number) as number }),
      )
      expect(session.events.some(event => event.type === 'answer' && event.bytes > 0)).toBe(true)
    }
    expect(run?.sessions).toHaveLength(2)
  })

  it('ends with the error of a broken port', async () => {
    const kept = keep()
    const dialer: TunnelDialer = {
      staysInProcess: true,
      dial: () => {
        throw new Error('no dialler at 10.0.0.7')
      },
    }
    const lab = createLab({ tunnel: () => dialer })
    const phone = lab.phone()
    const url = await someCode(lab.client())
    await phone.scan(url, { trace: kept.trace }).catch(() => undefined)
    expect(onlySession(kept).events.at(-1)).toMatchObject({
      type: 'end',
      errors: [{ code: 'callback-failed' }, { code: 'other' }],
    })
  })

  it.each<[string, unknown, object]>([
    [
      'a late phone',
      new DeadlineError('advert', 'x'),
      { errors: [{ code: 'advert-timeout', stage: 'advert' }] },
    ],
    [
      'a tunnel that was refused',
      new TunnelError('tunnel-refused', 'cable.example.com', {
        status: 404,
        closeCode: 1006,
        stage: 'tunnel',
      }),
      { errors: [{ code: 'tunnel-refused', status: 404, closeCode: 1006, stage: 'tunnel' }] },
    ],
    [
      'causes with the codes of systems',
      new TunnelError('tunnel-unreachable', 'x', {
        cause: Object.assign(new Error('10.0.0.7'), { code: 'ECONNREFUSED' }),
      }),
      { errors: [{ code: 'tunnel-unreachable' }, { code: 'ECONNREFUSED' }] },
    ],
    [
      'causes with the names of D-Bus',
      new ProximityError('bluetooth-off', 'x', {
        cause: Object.assign(new Error('hci0'), { type: 'org.bluez.Error.NotReady' }),
      }),
      { errors: [{ code: 'bluetooth-off' }, { code: 'org.bluez.Error.NotReady' }] },
    ],
    [
      'codes that nobody knows',
      Object.assign(new Error('x'), { code: 'ADA_LOVELACE' }),
      { errors: [{ code: 'other' }] },
    ],
    ['what is no error', 'Ada', { errors: [{ code: 'other' }] }],
    [
      'what a browser would call it',
      new WebAuthnError('SecurityError', new UsageError('rp-id-mismatch', 'example.com')),
      { name: 'SecurityError', errors: [{ code: 'rp-id-mismatch' }] },
    ],
  ])('keeps of an error its codes and numbers: %s', (_what, error, expected) => {
    const { lines, trace } = keep()
    trace.failed(error)
    expect(readTrace(lines.join(''))[0]?.failure).toEqual({ name: undefined, ...expected })
  })

  it('keeps eight errors of a chain', () => {
    const { lines, trace } = keep()
    let error = new Error('last')
    for (let depth = 0; depth < 20; depth++) error = new Error('outer', { cause: error })
    trace.failed(error)
    expect(readTrace(lines.join(''))[0]?.failure?.errors).toHaveLength(8)
  })

  it('leaves out what a program says of itself in other words', () => {
    const lines: string[] = []
    createTrace({
      write: line => lines.push(line),
      library: '0.1.0',
      runtime: 'node',
      runtimeVersion: '22.1.0',
      os: 'haiku',
      osVersion: '6.1.0-of-example.com',
      arch: 'arm64',
      radio: 'bluez',
    })
    const about = {
      library: '0.1.0',
      runtime: 'node',
      runtimeVersion: '22.1.0',
      arch: 'arm64',
      radio: 'bluez',
    }
    expect(lines.map(line => JSON.parse(line) as TraceRecord)).toEqual([
      { type: 'trace', format: 1, ...about },
    ])
  })

  it('writes nothing that is not of the format, wherever it comes from', () => {
    const { lines, trace } = keep()
    const session = { role: 'client', kind: 'qr-initiated', proximity: 'bluetooth', now: 0 } as const
    const listener = trace.begin({ ...session, requestType: 'FIDO:/123' as never })
    listener.step({ type: 'tunnel-closed', code: 70_000 }, [], 0)
    listener.progress({ event: 'ada@example.com' as never, ...session, elapsedMs: 0 }, 0)
    expect(lines).toEqual(['{"type":"trace","format":1}\n'])
    trace.begin(session)
    expect(lines.at(-1)).toContain('"session":2')
  })

  it('ends no ceremony when it cannot be written', async () => {
    let calls = 0
    const trace = createTrace({
      write: () => {
        calls += 1
        if (calls > 3) throw new Error('the disk is full')
      },
    })
    const lab = createLab()
    const phone = lab.phone()
    const rp = await createRelyingParty({ origin })
    const onQr = (qr: { readonly url: string }): unknown => phone.scan(qr.url, { trace })
    await rp.register(await lab.client().create(await rp.creationOptions(), { origin, onQr, trace }))
    expect(calls).toBe(4)
  })

  it('ends no ceremony when the caller’s own trace throws', async () => {
    const broken = (): never => {
      throw new Error('broken')
    }
    const lab = createLab()
    const phone = lab.phone()
    const rp = await createRelyingParty({ origin })
    const begins = { begin: broken }
    const hears = { begin: () => ({ step: broken, progress: broken }) }
    const onQr = (qr: { readonly url: string }): unknown => phone.scan(qr.url, { trace: begins })
    await rp.register(await lab.client().create(await rp.creationOptions(), { origin, onQr, trace: hears }))
  })

  it('says at its limit that it is full', () => {
    const FULL = '{"type":"full"}\n'
    const line = '{"type":"trace","format":1}\n'
    const linesFor = (written: number): readonly string[] => {
      const lines: string[] = []
      createTrace({ write: text => lines.push(text), written }).failed('x')
      return lines
    }
    const room = TRACE_MAX_BYTES - FULL.length
    const failure = '{"type":"failure","errors":[{"code":"other"}]}\n'
    expect(linesFor(room - line.length - failure.length)).toEqual([line, failure])
    expect(linesFor(room - line.length - failure.length + 1)).toEqual([line, FULL])
    expect(linesFor(room - line.length)).toEqual([line, FULL])
    expect(linesFor(room - line.length + 1)).toEqual([FULL])
  })
})

/** The URL of a code that a laptop shows. */
async function someCode(client: ReturnType<ReturnType<typeof createLab>['client']>): Promise<string> {
  const stop = new AbortController()
  return await new Promise(resolve => {
    const onQr = (qr: { readonly url: string }): void => {
      stop.abort()
      resolve(qr.url)
    }
    client.connect({ onQr, signal: stop.signal }).catch(() => undefined)
  })
}
