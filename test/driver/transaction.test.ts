import { expect, test } from 'vitest'
import type { ProgressEvent } from '../../src/driver/progress.js'
import type { ServeResult } from '../../src/driver/authenticator-driver.js'
import { deferred } from '../../src/async/deferred.js'
import type { CtapHandler } from '../../src/ports/ctap-handler.js'
import type { HybridConnection } from '../../src/client/connection.js'
import { StoreError } from '../../src/errors.js'
import { createPair, echo, GET_INFO } from '../support/pair.js'
import type { Pair } from '../support/pair.js'

interface Meeting {
  readonly connection: HybridConnection
  readonly served: Promise<ServeResult>
  readonly events: ProgressEvent[]
}

async function meet({ client, phone }: Pair): Promise<Meeting> {
  const events: ProgressEvent[] = []
  const onProgress = (event: ProgressEvent): void => {
    events.push(event)
  }
  let served: Promise<ServeResult> | undefined
  const connection = await client.connect({
    requestType: 'mc',
    onProgress,
    onQr: qr => {
      served = phone.scan(qr.url, { source: 'camera', onProgress })
    },
  })
  if (served === undefined) throw new Error('no QR code was shown')
  return { connection, served, events }
}

test('a command goes to the phone and its answer comes back', async () => {
  const { connection, served } = await meet(createPair())
  expect(await connection.call(Uint8Array.of(1, 2, 3))).toEqual(Uint8Array.of(0, 1, 2, 3))
  expect(await connection.call(Uint8Array.of(2))).toEqual(Uint8Array.of(0, 2))
  await connection.close()
  expect(await served).toEqual({ answered: 2, proximity: 'simulated', dataChannel: 'tunnel' })
})

test('getInfo is answered from the introduction, without asking the phone', async () => {
  const { connection, served } = await meet(createPair())
  expect(await connection.call(Uint8Array.of(4))).toEqual(Uint8Array.of(0, ...GET_INFO))
  expect(connection.getInfo.versions).toEqual(['FIDO_2_0'])
  await connection.call(Uint8Array.of(1))
  await connection.close()
  expect(await served).toEqual({ answered: 1, proximity: 'simulated', dataChannel: 'tunnel' })
})

test('both roles tell their steps in the same words, in order, marked as simulated', async () => {
  const { connection, served, events } = await meet(createPair())
  await connection.call(Uint8Array.of(1))
  await connection.close()
  await served
  const of = (role: string): string[] => events.filter(event => event.role === role).map(({ event }) => event)
  expect(of('client')).toEqual([
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
    'closed',
  ])
  expect(of('authenticator')).toEqual([
    'tunnel-connecting',
    'tunnel-connected',
    'advertising',
    'handshake',
    'connected',
    'request-received',
    'response',
    'closed',
  ])
  expect(new Set(events.map(({ proximity }) => proximity))).toEqual(new Set(['simulated']))
})

test('a phone that hangs up instead of answering is a closed peer at the response', async () => {
  const handler = { ...echo, handle: () => Promise.resolve(undefined) }
  const { connection, served } = await meet(createPair({}, { handler }))
  await expect(connection.call(Uint8Array.of(1))).rejects.toMatchObject({
    code: 'peer-closed',
    stage: 'response',
  })
  await connection.close()
  expect(await served).toEqual({ answered: 0, proximity: 'simulated', dataChannel: 'tunnel' })
})

/** A client leaves while this handler is at work. */
async function leaveDuring(
  handle: CtapHandler['handle'],
): Promise<{ pair: Pair; served: Promise<ServeResult> }> {
  const pair = createPair({}, { handler: { ...echo, handle } })
  const { connection, served } = await meet(pair)
  const call = connection.call(Uint8Array.of(1))
  const refused = expect(call).rejects.toMatchObject({ code: 'peer-closed' })
  await Promise.resolve()
  await connection.close()
  await refused
  return { pair, served }
}

test('a client that leaves during a request takes the prompt away, and its last steps are waited for', async () => {
  const leave = deferred<undefined>()
  const steps: string[] = []
  const { pair, served } = await leaveDuring(async (_, { signal }) => {
    signal.addEventListener('abort', () => steps.push('told'))
    await leave.promise
    steps.push('left')
    return undefined
  })
  const failed = expect(served.finally(() => steps.push('settled'))).rejects.toMatchObject({
    code: 'peer-closed',
    stage: 'response',
  })
  await pair.clock.advance(999)
  leave.resolve(undefined)
  await failed
  expect(steps).toEqual(['told', 'left', 'settled'])
  expect(pair.clock.pending).toBe(0)
})

test('a handler that ignores its signal is waited for no longer than a second', async () => {
  const { pair, served } = await leaveDuring(() => new Promise(() => undefined))
  const failed = expect(served).rejects.toMatchObject({ code: 'peer-closed', stage: 'response' })
  await pair.clock.advance(1000)
  await failed
})

test('a second command before the first answer is the caller’s mistake', async () => {
  const { connection } = await meet(createPair())
  const first = connection.call(Uint8Array.of(1))
  await expect(connection.call(Uint8Array.of(2))).rejects.toMatchObject({ code: 'session-misused' })
  expect(await first).toEqual(Uint8Array.of(0, 1))
  await connection.close()
})

test('no phone in time ends with advert-timeout and leaves no alarm', async () => {
  const { client, clock } = createPair()
  const connecting = client.connect({ onQr: () => undefined })
  const failed = expect(connecting).rejects.toMatchObject({ code: 'advert-timeout', stage: 'advert' })
  await clock.advance(119_999)
  expect(clock.pending).toBe(1)
  await clock.advance(1)
  await failed
  expect(clock.pending).toBe(0)
})

test('an abort ends the ceremony at once, before it starts and while it waits', async () => {
  const { client, phone, clock } = createPair()
  const signal = AbortSignal.abort()
  await expect(client.connect({ onQr: () => undefined, signal })).rejects.toMatchObject({ code: 'aborted' })
  const abort = new AbortController()
  const connecting = client.connect({
    onQr: () => {
      abort.abort()
    },
    signal: abort.signal,
  })
  await expect(connecting).rejects.toMatchObject({ code: 'aborted', fault: 'local' })
  await expect(phone.scan('FIDO:/1', { source: 'camera', signal })).rejects.toMatchObject({ kind: 'decode' })
  expect(clock.pending).toBe(0)
})

test('a QR code that cannot be shown ends the ceremony with its reason', async () => {
  const { client } = createPair()
  const broken = new Error('no screen')
  const onQr = (): never => {
    throw broken
  }
  await expect(client.connect({ onQr })).rejects.toMatchObject({
    code: 'callback-failed',
    message: 'onQr threw',
    cause: broken,
  })
})

test('a listener that throws ends the ceremony with its reason', async () => {
  const { client } = createPair()
  const broken = new Error('no log')
  const onProgress = (): never => {
    throw broken
  }
  await expect(client.connect({ onQr: () => undefined, onProgress })).rejects.toMatchObject({
    code: 'callback-failed',
    message: 'onProgress threw',
    cause: broken,
  })
})

test('a handler that throws answers ERR_OTHER and is reported to its owner', async () => {
  const accident = new Error('database gone')
  const handler = { ...echo, handle: () => Promise.reject(accident) }
  const { connection, served } = await meet(createPair({}, { handler }))
  expect(await connection.call(Uint8Array.of(1))).toEqual(Uint8Array.of(0x7f))
  await connection.close()
  await expect(served).rejects.toMatchObject({
    code: 'callback-failed',
    message: 'handler.handle threw',
    cause: accident,
  })
})

test.each(['handle', 'concluded'] as const)(
  'a handler’s own error in %s is its owner’s to read',
  async name => {
    const locked = new StoreError('store-locked', 'the passkeys are in use')
    const handler = { ...echo, [name]: () => Promise.reject(locked) }
    const { connection, served } = await meet(createPair({}, { handler }))
    await connection.call(Uint8Array.of(1))
    await connection.close()
    await expect(served).rejects.toBe(locked)
  },
)

test('a role without its radio refuses at construction', () => {
  expect(() => createPair({ scanner: undefined })).toThrow(
    expect.objectContaining({ code: 'capability-missing' }),
  )
  expect(() => createPair({}, { advertiser: undefined })).toThrow(
    expect.objectContaining({ code: 'capability-missing' }),
  )
})

test('a deadline says what was waited for, in either role', async () => {
  const { client, phone, clock } = createPair()
  const connecting = client.connect({ onQr: () => undefined }).catch((error: unknown) => error)
  await clock.advance(400_000)
  expect(await connecting).toMatchObject({
    code: 'advert-timeout',
    message: 'timed out waiting for the phone’s advert',
  })
  let url = ''
  const given = new AbortController()
  const other = client
    .connect({ signal: given.signal, onQr: qr => void (url = qr.url) })
    .catch(() => undefined)
  await clock.advance(0)
  given.abort()
  await other
  const scanning = phone.scan(url, { source: 'camera' }).catch((error: unknown) => error)
  await clock.advance(400_000)
  expect(await scanning).toMatchObject({
    code: 'advert-timeout',
    message: 'timed out waiting for a client that heard the advert',
  })
})
