import { getEventListeners, setMaxListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import type { HybridAuthenticatorOptions } from '../../src/authenticator/hybrid-authenticator.js'
import type { ServeEvent } from '../../src/authenticator/serve-events.js'
import { systemRandom } from '../../src/adapters/system/system.js'
import { TunnelError, UsageError } from '../../src/errors.js'
import type { HybridError } from '../../src/errors.js'
import type { Random } from '../../src/ports/clock.js'
import type { LinkedCall, ContactLine, LineListener } from '../../src/ports/contact-line.js'
import type { Link } from '../../src/ports/link-store.js'
import { echo } from '../support/pair.js'
import { callByLink, linked, linkedLab, serving } from '../support/linked-pair.js'
import type { LinkedLab } from '../support/linked-pair.js'

/** A contact of the lab’s phone as a hostile service may send it. */
const contactWith = (contact: LinkedCall | undefined, clientPayload: Uint8Array): LinkedCall => {
  if (contact === undefined) throw new Error('nobody called')
  return { ...contact, clientPayload }
}

function listenerOf({ service }: LinkedLab): LineListener {
  const [line] = service.registered.values()
  if (line === undefined) throw new Error('nobody is registered')
  return line.listener
}

test('the list tells when a link was used last', async () => {
  const lab = linkedLab()
  const [client, phone] = [lab.client(), lab.phone()]
  const link = await linked(client, phone)
  await lab.clock.advance(60_000)
  const serve = await serving(phone)
  await callByLink(client.client, link)
  await serve.stop()
  expect(await phone.phone.links()).toMatchObject([{ linkedAt: 1_790_000_000, lastUsedAt: 1_790_000_060 }])
})

test('a phone listens to its signal once, however often it is called, and no longer at its end', async () => {
  const lab = linkedLab()
  const [client, phone] = [lab.client(), lab.phone()]
  const link = await linked(client, phone)
  const ending = new AbortController()
  const listeners = (): number => getEventListeners(ending.signal, 'abort').length
  const served = phone.phone.serve({ signal: ending.signal })
  for (let call = 0; call < 12; call++) {
    await lab.clock.advance(60_000)
    await callByLink(client.client, link)
    expect(listeners()).toBe(1)
  }
  ending.abort()
  expect((await served).served).toBe(12)
  expect(listeners()).toBe(0)
})

test('a payload that is malformed is dropped and counted', async () => {
  const lab = linkedLab()
  const [client, phone] = [lab.client(), lab.phone()]
  const link = await linked(client, phone)
  const serve = await serving(phone)
  await callByLink(client.client, link)
  const [contact] = lab.service.contacts
  const payload = contact?.clientPayload ?? new Uint8Array()
  for (let length = 0; length < payload.length; length++) {
    const cut = contactWith(contact, payload.slice(0, length))
    expect(await listenerOf(lab).call(cut)).toBe('busy')
  }
  const dcp = contactWith(contact, Uint8Array.from([...payload.slice(0, -2), 0x64, 0x63]))
  expect(await listenerOf(lab).call(dcp)).toBe('busy')
  const report = await serve.stop()
  expect(report).toMatchObject({ served: 1, dropped: { malformed: payload.length + 1, unlinked: 0 } })
})

test('whom the owner declines hears nothing', async () => {
  const lab = linkedLab()
  const [client, phone] = [lab.client(), lab.phone()]
  const link = await linked(client, phone)
  const asked: unknown[] = []
  const serve = await serving(phone, { onCall: contact => asked.push(contact) < 0 })
  const failing = callByLink(client.client, link).catch((error: unknown) => error)
  await lab.clock.advance(400_000)
  expect(await failing).toMatchObject({ code: 'advert-timeout' })
  expect(asked).toMatchObject([{ requestType: 'ga', link: { linkedAt: 1_790_000_000 } }])
  expect(await serve.stop()).toMatchObject({ served: 0, declined: 1 })
  expect(await client.client.links()).toEqual([link])
})

test('clients are answered one after the other; four wait, and more are dropped', async () => {
  const lab = linkedLab()
  let working = 0
  let most = 0
  const handler = {
    ...echo,
    handle: async (request: Uint8Array) => {
      most = Math.max(most, ++working)
      await Promise.resolve()
      working -= 1
      return Uint8Array.of(0, ...request)
    },
  }
  const phone = lab.phone({ handler })
  const clients = Array.from({ length: 7 }, () => lab.client())
  const links: Link[] = []
  for (const client of clients) links.push(await linked(client, phone))
  const serve = await serving(phone)
  const calls = await Promise.all([
    lab.clock.advance(400_000),
    ...clients.map(({ client }, at) => {
      const link = links[at]
      if (link === undefined) throw new Error('no link')
      return callByLink(client, link).then(
        () => 'answered',
        () => 'not answered',
      )
    }),
  ])
  expect(calls.filter(outcome => outcome === 'answered')).toHaveLength(5)
  expect(most).toBe(1)
  expect(await serve.stop()).toMatchObject({ served: 5, dropped: { busy: 2 } })
})

test('a phone that ends all links has a new contact ID at once, and old clients learn that their links are gone', async () => {
  const lab = linkedLab()
  const [client, phone] = [lab.client(), lab.phone()]
  const link = await linked(client, phone)
  const serve = await serving(phone)
  const [before] = lab.service.registered.keys()
  await phone.phone.unlinkAll()
  expect(await serve.events.next()).toEqual({ event: 'reachable' })
  const [after] = lab.service.registered.keys()
  expect(after).not.toBe(before)
  const again = await linked(client, phone)
  await expect(callByLink(client.client, link)).rejects.toMatchObject({ code: 'link-gone' })
  expect(await callByLink(client.client, again)).toEqual(Uint8Array.of(0, 1))
  await serve.stop()
})

test('links that another process has ended are gone at the next call, and the line is renewed', async () => {
  const lab = linkedLab()
  const [client, phone] = [lab.client(), lab.phone()]
  const link = await linked(client, phone)
  const serve = await serving(phone)
  await lab.phone({ linking: { store: phone.identity, name: 'x' } }).phone.unlinkAll()
  await expect(callByLink(client.client, link)).rejects.toMatchObject({ code: 'link-gone' })
  expect(await serve.events.next()).toEqual({ event: 'dropped', reason: 'unlinked', total: 1 })
  await lab.clock.advance(0)
  expect(await serve.events.next()).toEqual({ event: 'reachable' })
  await serve.stop()
})

describe('a line', () => {
  /** A line that each time fails with the next error, and in the end stays. */
  function failing(errors: readonly HybridError[]): {
    line: ContactLine
    opened: () => number
    open: () => number
  } {
    let [opened, open] = [0, 0]
    return {
      opened: () => opened,
      open: () => open,
      line: {
        open(_, listener) {
          const error = errors[opened++]
          open += 1
          queueMicrotask(() => {
            if (error === undefined) listener.reachable()
            else listener.failed(error)
          })
          return { stop: () => Promise.resolve(void (open -= 1)) }
        },
      },
    }
  }
  const unreachable = (): HybridError => new TunnelError('tunnel-unreachable', 'no network')
  /** The least random bytes there are make each wait as short as it can be. */
  const LEAST: Random = { bytes: length => new Uint8Array(length) }
  const MOST: Random = { bytes: length => new Uint8Array(length).fill(0xff) }
  const phoneWith = (
    lab: LinkedLab,
    contactLine: ContactLine,
    random = LEAST,
  ): ReturnType<LinkedLab['phone']> =>
    lab.phone({ contactLine, random } satisfies Partial<HybridAuthenticatorOptions>)

  test('that is lost is opened again, after twice the time each time, up to a minute', async () => {
    const lab = linkedLab()
    const { line, opened, open } = failing(Array.from({ length: 9 }, unreachable))
    const events: ServeEvent[] = []
    const ending = new AbortController()
    const report = phoneWith(lab, line).phone.serve({
      signal: ending.signal,
      onEvent: event => void events.push(event),
    })
    await lab.clock.advance(0)
    expect(opened()).toBe(1)
    await lab.clock.advance(499)
    expect(opened()).toBe(1)
    await lab.clock.advance(1)
    expect(opened()).toBe(2)
    await lab.clock.advance(300_000)
    expect(events.flatMap(event => (event.event === 'line-lost' ? [event.retryInMs / 1000] : []))).toEqual([
      0.5, 1, 2, 4, 8, 16, 30, 30, 30,
    ])
    expect(events.at(-1)).toEqual({ event: 'reachable' })
    ending.abort()
    expect(await report).toMatchObject({ served: 0 })
    expect([open(), lab.clock.pending]).toEqual([0, 0])
  })

  test('is opened again after at most one and a half times the wait', async () => {
    const lab = linkedLab()
    const { line, opened } = failing([unreachable()])
    const ending = new AbortController()
    const served = phoneWith(lab, line, MOST).phone.serve({ signal: ending.signal })
    await lab.clock.advance(1498)
    expect(opened()).toBe(1)
    await lab.clock.advance(1)
    expect(opened()).toBe(2)
    ending.abort()
    await served
  })

  test('of a thousand phones that lost it together is opened again at different times', async () => {
    const lab = linkedLab()
    const waits = new Set<number>()
    const ending = new AbortController()
    // Each phone listens once.
    setMaxListeners(1000, ending.signal)
    const served = Array.from({ length: 1000 }, () => {
      const { line } = failing([unreachable()])
      const onEvent = (event: ServeEvent): void => {
        if (event.event === 'line-lost') waits.add(event.retryInMs)
      }
      return phoneWith(lab, line, systemRandom).phone.serve({ signal: ending.signal, onEvent })
    })
    await lab.clock.advance(0)
    expect(waits.size).toBeGreaterThan(500)
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(500)
    expect(Math.max(...waits)).toBeLessThan(1500)
    ending.abort()
    await Promise.all(served)
  })

  test('that a service closes to restart is opened again at once, unless it lasted less than a second', async () => {
    const lab = linkedLab()
    let listener: LineListener | undefined
    const line: ContactLine = {
      open: (_, heard) => {
        listener = heard
        return { stop: () => Promise.resolve() }
      },
    }
    const waits: number[] = []
    const onEvent = (event: ServeEvent): void => {
      if (event.event === 'line-lost') waits.push(event.retryInMs)
    }
    const ending = new AbortController()
    const served = phoneWith(lab, line).phone.serve({ signal: ending.signal, onEvent })
    const loseAfter = async (ms: number | undefined, closeCode: number): Promise<void> => {
      if (ms !== undefined) listener?.reachable()
      await lab.clock.advance(ms ?? 0)
      listener?.failed(new TunnelError('contact-line-lost', 'closed', { closeCode }))
      await lab.clock.advance(60_000)
    }
    await lab.clock.advance(0)
    await loseAfter(1000, 1012)
    await loseAfter(999, 1012)
    await loseAfter(1001, 1012)
    await loseAfter(1000, 1001)
    await loseAfter(undefined, 1012)
    await loseAfter(1000, 1012)
    expect(waits).toEqual([0, 500, 0, 500, 1000, 0])
    ending.abort()
    await served
  })

  test('that fails for a reason no waiting mends ends the serving', async () => {
    const insecure = new TunnelError('tunnel-insecure', 'no')
    const { line, open } = failing([insecure])
    await expect(phoneWith(linkedLab(), line).phone.serve()).rejects.toBe(insecure)
    expect(open()).toBe(0)
  })

  test('whose key another process has replaced is opened with the new one', async () => {
    const lab = linkedLab()
    const { line, opened } = failing([new UsageError('argument-invalid', 'revoked')])
    const phone = phoneWith(lab, line)
    const rotating: ContactLine = {
      open: (registration, listener) => {
        if (opened() > 0) return line.open(registration, listener)
        const inner = { ...listener, reachable: () => undefined, call: () => 'gone' as const }
        return line.open(registration, {
          ...inner,
          failed: error => void phone.phone.unlinkAll().then(() => listener.failed(error)),
        })
      },
    }
    const other = lab.phone({ contactLine: rotating, linking: { store: phone.identity, name: 'x' } })
    const serve = await serving(other)
    expect([opened(), serve.events.seen]).toEqual([2, [{ event: 'reachable' }]])
    await serve.stop()
  })

  test('that is being waited for is given up at once', async () => {
    const lab = linkedLab()
    const { line } = failing([unreachable()])
    const serve = await serving(phoneWith(lab, line))
    await serve.stop()
    expect(lab.clock.pending).toBe(0)
  })
})

describe('serving ends', () => {
  test('before it began, when it was stopped before', async () => {
    const lab = linkedLab()
    const { phone } = lab.phone()
    expect(await phone.serve({ signal: AbortSignal.abort() })).toMatchObject({ served: 0 })
    expect(lab.service.registered.size).toBe(0)
  })

  test.each(['tunnel-connecting', 'advertising', 'connected', 'request-received'] as const)(
    'in the middle of a transaction (%s), and leaves nothing behind',
    async at => {
      const lab = linkedLab()
      const [client, phone] = [lab.client(), lab.phone()]
      const link = await linked(client, phone)
      const ending = new AbortController()
      const report = phone.phone.serve({
        signal: ending.signal,
        onProgress: ({ event }) => {
          if (event === at) ending.abort()
        },
      })
      await lab.clock.advance(0)
      const calling = callByLink(client.client, link).catch((error: unknown) => error)
      expect(await report).toMatchObject({ served: 0, failed: 0 })
      expect(lab.service.registered.size).toBe(0)
      await lab.clock.advance(400_000)
      expect(await calling).toMatchObject({ kind: expect.any(String) as unknown })
      expect(lab.clock.pending).toBe(0)
    },
  )

  test('with the mistake of a listener', async () => {
    const broken = new Error('broken')
    const onEvent = (): never => {
      throw broken
    }
    const { phone } = linkedLab().phone()
    await expect(phone.serve({ onEvent })).rejects.toMatchObject({ code: 'callback-failed', cause: broken })
  })

  test('with the error that onCall threw', async () => {
    const lab = linkedLab()
    const [client, phone] = [lab.client(), lab.phone()]
    const link = await linked(client, phone)
    const broken = new Error('broken')
    const report = phone.phone.serve({ onCall: () => Promise.reject(broken) })
    report.catch(() => undefined)
    await lab.clock.advance(0)
    void callByLink(client.client, link).catch(() => undefined)
    await expect(report).rejects.toMatchObject({ code: 'callback-failed', cause: broken })
    await lab.clock.advance(400_000)
  })

  test('while somebody is asked who never answers', async () => {
    const lab = linkedLab()
    const [client, phone] = [lab.client(), lab.phone()]
    const link = await linked(client, phone)
    const serve = await serving(phone, { onCall: () => new Promise(() => undefined) })
    void callByLink(client.client, link).catch(() => undefined)
    expect(await serve.events.next()).toMatchObject({ event: 'call' })
    expect(await serve.stop()).toMatchObject({ served: 0, failed: 0 })
    await lab.clock.advance(400_000)
  })
})
