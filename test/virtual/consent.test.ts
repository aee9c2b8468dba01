import { describe, expect, it } from 'vitest'
import { encodeMakeCredentialRequest } from '../../src/ctap/make-credential.js'
import { StoreError } from '../../src/errors.js'
import type { CredentialStore } from '../../src/ports/credential-store.js'
import {
  alwaysApprove,
  alwaysRefuse,
  chooseAccount,
  failVerification,
  ignoreUntilTimeout,
} from '../../src/virtual/consent.js'
import { encodeUtf8 } from '../../src/bytes/utf8.js'
import { VirtualClock } from '../../src/testing/virtual-clock.js'
import type { Consent, ConsentAnswer } from '../../src/virtual/consent.js'
import { sampleCredential } from '../support/sample-credential.js'
import {
  APPROVE,
  contextOf,
  createTestPhone,
  MAKE_CREDENTIAL,
  registered,
  signedIn,
} from '../support/virtual-phone.js'

const request = encodeMakeCredentialRequest(MAKE_CREDENTIAL)

describe('a refusal', () => {
  it.each([
    ['deny', Uint8Array.of(0x27)],
    ['timeout', Uint8Array.of(0x2f)],
    ['hang-up', undefined],
  ] as const)('by %s reaches the client and changes nothing', async (how, response) => {
    const phone = createTestPhone(() => Promise.resolve({ approved: false, how }))
    await phone.store.put(sampleCredential(1))
    expect(await phone.register()).toEqual(response)
    expect(await phone.signIn()).toEqual(response)
    expect(await phone.store.list()).toEqual([sampleCredential(1)])
    expect([phone.told, phone.faults]).toEqual([[], []])
  })

  it('follows an approval without the wanted verification', async () => {
    const phone = createTestPhone(() => Promise.resolve({ approved: true, userVerified: false }))
    await phone.store.put(sampleCredential(1))
    expect(await phone.register()).toEqual(Uint8Array.of(0x27))
    expect(await phone.signIn()).toEqual(Uint8Array.of(0x27))
    expect(await phone.store.list()).toEqual([sampleCredential(1)])
  })
})

describe('the ready-made users', () => {
  it('approve', async () => {
    registered(await createTestPhone(undefined, { consent: alwaysApprove() }).register())
  })

  it('refuse, as phones do unless told otherwise', async () => {
    expect(await createTestPhone(undefined, { consent: alwaysRefuse() }).register()).toBeUndefined()
    const denying = createTestPhone(undefined, { consent: alwaysRefuse('deny') })
    expect(await denying.register()).toEqual(Uint8Array.of(0x27))
  })

  it('choose an account by name or otherwise, or hang up', async () => {
    const phone = createTestPhone()
    for (const name of ['ada', 'ben']) await phone.register({ user: { id: encodeUtf8(name), name } })
    const { store } = phone
    const signIn = async (consent: Consent): Promise<Uint8Array | undefined> =>
      createTestPhone(undefined, { store, consent }).signIn()
    const chosen = async (consent: Consent): Promise<string | undefined> =>
      signedIn(await signIn(consent)).user?.name
    expect(await chosen(chooseAccount('ada'))).toBe('ada')
    expect(await chosen(chooseAccount('ben'))).toBe('ben')
    expect([await chosen(chooseAccount(1)), await chosen(chooseAccount(2))]).toEqual(['ben', 'ada'])
    expect(await signIn(chooseAccount(3))).toBeUndefined()
    expect(await chosen(chooseAccount(({ createdAt }) => createdAt === 1000))).toBe('ada')
    expect(await signIn(chooseAccount('cay'))).toBeUndefined()
    registered(await createTestPhone(undefined, { consent: chooseAccount('cay') }).register())
  })

  it('fail user verification', async () => {
    const phone = createTestPhone(undefined, { consent: failVerification() })
    expect(await phone.register()).toEqual(Uint8Array.of(0x27))
    registered(await phone.register({ uv: false }))
  })

  it('ignore the prompt until the phone gives up', async () => {
    const clock = new VirtualClock()
    const consent = ignoreUntilTimeout({ clock, ms: 30_000 })
    const phone = createTestPhone(undefined, { consent })
    const answer = phone.register()
    await clock.advance(29_999)
    expect(clock.pending).toBe(1)
    await clock.advance(1)
    expect(await answer).toEqual(Uint8Array.of(0x2f))
  })

  it.each([false, true])('ignore the prompt until the client has gone (before it: %s)', async before => {
    const client = new AbortController()
    if (before) client.abort()
    const clock = new VirtualClock()
    const prompt = {
      operation: 'sign-in',
      rpId: 'a.b',
      rpName: '',
      accounts: [],
      userVerification: true,
    } as const
    const asking = ignoreUntilTimeout({ clock, ms: 1000 }).ask(prompt, client.signal)
    client.abort()
    expect(await asking).toEqual({ approved: false, how: 'timeout' })
    expect(clock.pending).toBe(0)
  })
})

describe('a client that goes away', () => {
  const answers: readonly (readonly [string, () => Promise<ConsentAnswer>])[] = [
    ['never answers', () => new Promise<ConsentAnswer>(() => undefined)],
    ['approves too late', () => Promise.resolve(APPROVE)],
    ['fails', () => Promise.reject(new Error('prompt taken away'))],
    ['refuses', () => Promise.resolve({ approved: false, how: 'deny' })],
  ]

  it.each(answers)('during the prompt ends it, even if the user %s', async (_, answer) => {
    const client = new AbortController()
    const phone = createTestPhone(() => {
      client.abort()
      return answer()
    })
    expect(await phone.phone.handle(request, contextOf(client.signal))).toBeUndefined()
    expect(await phone.store.list()).toEqual([])
    expect([phone.told, phone.faults]).toEqual([[], []])
  })

  it.each(answers.slice(1))('in the moment in which the user %s also ends it', async (_, answer) => {
    const client = new AbortController()
    const abort = (): void => {
      client.abort()
    }
    const phone = createTestPhone(() => {
      const answered = answer()
      answered.then(abort, abort)
      return answered
    })
    expect(await phone.phone.handle(request, contextOf(client.signal))).toBeUndefined()
    expect(await phone.store.list()).toEqual([])
    expect([phone.told, phone.faults]).toEqual([[], []])
  })

  it('later ends a prompt that waits', async () => {
    const client = new AbortController()
    let prompted: (signal: AbortSignal) => void = () => undefined
    const prompt = new Promise<AbortSignal>(resolve => {
      prompted = resolve
    })
    const phone = createTestPhone((_, signal) => {
      prompted(signal)
      return new Promise(() => undefined)
    })
    const response = phone.phone.handle(request, contextOf(client.signal))
    expect((await prompt).aborted).toBe(false)
    client.abort()
    expect(await response).toBeUndefined()
  })

  it('before the prompt prevents it', async () => {
    const phone = createTestPhone()
    expect(await phone.phone.handle(request, contextOf(AbortSignal.abort()))).toBeUndefined()
    expect(phone.asked).toEqual([])
  })
})

describe('the role is told', () => {
  it('that the user is being asked, once and before', async () => {
    const order: string[] = []
    const phone = createTestPhone(() => {
      order.push('ask')
      return Promise.resolve(APPROVE)
    })
    const context = { ...contextOf(), awaitingUser: () => order.push('awaitingUser') }
    await phone.phone.handle(request, { ...context, awaitingUser: () => void context.awaitingUser() })
    await phone.phone.handle(Uint8Array.of(4), {
      ...context,
      awaitingUser: () => void context.awaitingUser(),
    })
    expect(order).toEqual(['awaitingUser', 'ask'])
  })
})

describe('faults', () => {
  it.each([
    [
      'throws',
      () => {
        throw new Error('broken')
      },
    ],
    ['rejects', () => Promise.reject(new Error('broken'))],
  ])('of a consent that %s become ERR_OTHER', async (_, ask) => {
    const phone = createTestPhone(ask)
    expect(await phone.register()).toEqual(Uint8Array.of(0x7f))
    expect(phone.faults).toMatchObject([{ message: 'broken' }])
    expect(await phone.store.list()).toEqual([])
  })

  it.each(['list', 'update'] as const)(
    'of a store’s %s become ERR_OTHER, and nothing is told',
    async method => {
      const failure = new StoreError('store-unavailable', 'the disk is full')
      const store: CredentialStore = {
        list: () => Promise.resolve([sampleCredential(1)]),
        find: () => Promise.resolve(sampleCredential(1)),
        put: () => Promise.resolve(),
        update: () => Promise.resolve(sampleCredential(1)),
        delete: () => Promise.resolve(true),
        [method]: () => Promise.reject(failure),
      }
      const phone = createTestPhone(undefined, { store })
      expect(await phone.signIn()).toEqual(Uint8Array.of(0x7f))
      expect(phone.faults).toEqual([failure])
      expect(phone.told).toEqual([])
    },
  )

  it('of a listener do not spoil the answer', async () => {
    const phone = createTestPhone(undefined, {
      onEvent: () => {
        throw new Error('broken')
      },
    })
    registered(await phone.register())
    expect(phone.faults).toMatchObject([{ message: 'broken' }])
  })

  it('do not stop later requests', async () => {
    let failures = 1
    const phone = createTestPhone(() =>
      failures-- > 0 ? Promise.reject(new Error('broken')) : Promise.resolve(APPROVE),
    )
    await phone.register()
    registered(await phone.register())
  })
})
