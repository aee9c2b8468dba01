import { describe, expect, test } from 'vitest'
import { encodeBase64url } from '../../src/bytes/base64url.js'
import { decodeHex } from '../../src/bytes/hex.js'
import type { JsonValue } from '../../src/message/json.js'
import { VirtualWallet } from '../../src/virtual/virtual-wallet.js'
import type { VirtualWalletOptions, WalletConsentRequest } from '../../src/virtual/virtual-wallet.js'
import { onlyCase } from '../support/cases.js'
import { asking, digital, GIVEN, MDOC, origin, UNSIGNED } from '../support/digital.js'

const SIGNED = 'openid4vp-v1-signed'

interface Run {
  readonly answer: JsonValue | undefined
  /** What happened, in order: `ask` and `make` with the protocol behind them. */
  readonly steps: readonly string[]
  readonly prompts: readonly WalletConsentRequest[]
}

/** Has a wallet answer; functions in `credentials` and prompts are noted in order. */
async function answerOf(
  { credentials = {}, consent = () => true, ...options }: VirtualWalletOptions,
  requests: object,
  signal: AbortSignal = new AbortController().signal,
): Promise<Run> {
  const steps: string[] = []
  const prompts: WalletConsentRequest[] = []
  const noted = Object.entries(credentials).map(([protocol, credential]) => [
    protocol,
    typeof credential !== 'function'
      ? credential
      : (request: Parameters<typeof credential>[0]) => {
          steps.push(`make ${protocol}`)
          return credential(request)
        },
  ])
  const wallet = new VirtualWallet({
    ...options,
    credentials: Object.fromEntries(noted) as typeof credentials,
    consent: (request, gone) => {
      steps.push(`ask ${request.protocol}`)
      prompts.push(request)
      return consent(request, gone)
    },
  })
  const message = { origin, requestType: 'credential.get', request: { digital: requests } } as JsonValue
  const answer = await wallet.handleJson(message, { signal, awaitingUser: () => undefined })
  return { answer, steps, prompts }
}

const given = (protocol: string): JsonValue => digital({ data: { protocol, data: GIVEN } })
const all = asking(SIGNED, UNSIGNED, MDOC)

describe('a wallet', () => {
  test('asks its user before it makes anything, and makes it for the request', async () => {
    const { answer, steps } = await answerOf({ credentials: { [UNSIGNED]: () => GIVEN } }, all)
    expect(steps).toEqual([`ask ${UNSIGNED}`, `make ${UNSIGNED}`])
    expect(answer).toEqual(given(UNSIGNED))
  })

  test('makes nothing for a user who says no, and asks about no other request then', async () => {
    const { answer, steps } = await answerOf(
      { credentials: { [SIGNED]: () => GIVEN, [UNSIGNED]: () => GIVEN }, consent: () => false },
      all,
    )
    expect(steps).toEqual([`ask ${SIGNED}`])
    expect(answer).toEqual(digital({ error: 'USER_CANCELED' }))
  })

  test('makes nothing, and asks about no other request, when the client goes while its user thinks', async () => {
    const gone = new AbortController()
    const consent = (): Promise<boolean> => {
      gone.abort()
      return new Promise(() => undefined)
    }
    const { answer, steps } = await answerOf(
      { credentials: { [SIGNED]: () => GIVEN, [UNSIGNED]: GIVEN }, consent },
      all,
      gone.signal,
    )
    expect(steps).toEqual([`ask ${SIGNED}`])
    expect(answer).toBeUndefined()
  })

  test('goes on to the next request where a function has nothing for one', async () => {
    const { answer, steps } = await answerOf(
      { credentials: { [SIGNED]: () => Promise.resolve(undefined), [MDOC]: GIVEN } },
      all,
    )
    expect(steps).toEqual([`ask ${SIGNED}`, `make ${SIGNED}`, `ask ${MDOC}`])
    expect(answer).toEqual(given(MDOC))
  })

  test('goes on to the next request of the same protocol', async () => {
    const requests = ['first', 'second'].map(nonce => ({ protocol: UNSIGNED, data: { nonce } }))
    const { answer } = await answerOf(
      { credentials: { [UNSIGNED]: ({ data }) => (data['nonce'] === 'second' ? GIVEN : undefined) } },
      { requests },
    )
    expect(answer).toEqual(given(UNSIGNED))
  })

  test.each<[string, VirtualWalletOptions['matches'], readonly string[], JsonValue]>([
    ['one', ({ protocol }) => protocol !== SIGNED, [`ask ${UNSIGNED}`], given(UNSIGNED)],
    ['one, later', ({ protocol }) => Promise.resolve(protocol === MDOC), [`ask ${MDOC}`], given(MDOC)],
    ['all', () => false, [], digital({ error: 'NO_CREDENTIAL' })],
  ])('asks its user about no request that does not match: %s', async (_, matches, steps, answer) => {
    const credentials = { [SIGNED]: GIVEN, [UNSIGNED]: GIVEN, [MDOC]: GIVEN }
    expect(await answerOf({ credentials, matches }, all)).toMatchObject({ steps, answer })
  })

  test('is told who asks for what before it matches', async () => {
    const heard: unknown[] = []
    const matches = (request: object): boolean => heard.push(request) > 0
    await answerOf({ credentials: { [UNSIGNED]: GIVEN }, matches }, all)
    expect(heard).toEqual([{ kind: 'presentation', origin, protocol: UNSIGNED, data: all.requests[1]?.data }])
  })

  test('has nothing where each function has nothing', async () => {
    const { answer } = await answerOf({ credentials: { [SIGNED]: () => undefined } }, all)
    expect(answer).toEqual(digital({ error: 'NO_CREDENTIAL' }))
  })
})

describe('the prompt for an mdoc', () => {
  const ISO = onlyCase<{ deviceRequest: string; docType: string; elements: string[] }>(
    'device-request',
    'requests',
  )
  const deviceRequest = encodeBase64url(decodeHex(ISO.deviceRequest))

  test.each<[string, object, readonly string[]]>([
    ['names each element', { deviceRequest }, ISO.elements.map(element => `${ISO.docType} / ${element}`)],
    ['names none of what it cannot read', { deviceRequest: deviceRequest.slice(4) }, []],
    ['names none of what is no base64url', { deviceRequest: `${deviceRequest}=` }, []],
    ['names none of what is not text', { deviceRequest: 7 }, []],
    ['names none where there is none', {}, []],
  ])('%s', async (_, data, asks) => {
    const { prompts } = await answerOf(
      { credentials: { [MDOC]: GIVEN } },
      { requests: [{ protocol: MDOC, data }] },
    )
    expect(prompts).toMatchObject([{ origin, protocol: MDOC, asks }])
  })
})
