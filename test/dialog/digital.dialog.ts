import { describe, expect, test } from 'vitest'
import type { JsonValue } from '../../src/message/json.js'
import type { LabPhoneOptions } from '../../src/testing.js'
import { VirtualWallet } from '../../src/virtual.js'
import { useOpenBrowser } from './open-browser.js'

const PROTOCOL = 'openid4vp-v1-unsigned'
const DATA = {
  response_type: 'vp_token',
  nonce: 'n-0S6',
  dcql_query: {
    credentials: [
      {
        id: 'pid',
        format: 'dc+sd-jwt',
        meta: { vct_values: ['urn:eudi:pid:1'] },
        claims: [{ path: ['age_over_18'] }],
      },
    ],
  },
}

const opened = useOpenBrowser()

/** What the page is told: the credential, or the name of the error. */
async function asked(phone: LabPhoneOptions): Promise<unknown> {
  const digital = { requests: [{ protocol: PROTOCOL, data: DATA }] }
  const told = opened.browser.page.evaluate(`(async () => {
    try {
      const credential = await navigator.credentials.get({ digital: ${JSON.stringify(digital)}, mediation: 'required' })
      return credential.toJSON()
    } catch (error) {
      return error.name
    }
  })()`)
  await opened.browser
    .newPhone(phone)
    .scanScreen()
    .catch(() => undefined)
  return told
}

const answering = (digital: Record<string, JsonValue>): LabPhoneOptions => ({
  handler: { handleJson: () => Promise.resolve({ response: { digital } }) },
})

describe('Chromium’s own dialog for a digital credential', () => {
  test('hands the page what our wallet gave, and tells the wallet who asks for what', async () => {
    const prompts: unknown[] = []
    const wallet = new VirtualWallet({
      credentials: { [PROTOCOL]: { vp_token: { pid: ['given'] } } },
      consent: ({ origin, protocol, asks }) => {
        prompts.push({ origin, protocol, asks })
        return true
      },
    })
    expect(await asked({ wallet })).toMatchObject({
      protocol: PROTOCOL,
      data: { vp_token: { pid: ['given'] } },
    })
    expect(prompts).toEqual([
      { origin: opened.site.origin, protocol: PROTOCOL, asks: ['urn:eudi:pid:1 / age_over_18'] },
    ])
  })

  test.each<[string, unknown, LabPhoneOptions]>([
    ['USER_CANCELED', 'NotAllowedError', { wallet: new VirtualWallet({ behaviour: 'decline' }) }],
    ['NO_CREDENTIAL', 'NotAllowedError', { wallet: new VirtualWallet() }],
    ['DEVICE_ABORTED', 'AbortError', answering({ error: 'DEVICE_ABORTED' })],
    ['another error', 'NetworkError', answering({ error: 'OTHER' })],
    ['bare data', 'NetworkError', answering({ data: { vp_token: {} } })],
    ['bare text', 'NetworkError', answering({ data: 'vp_token' })],
    [
      'another protocol',
      { protocol: 'org-iso-mdoc', data: {} },
      answering({ data: { protocol: 'org-iso-mdoc', data: {} } }),
    ],
    [
      'data and error',
      'NotAllowedError',
      answering({ data: { protocol: PROTOCOL, data: {} }, error: 'USER_CANCELED' }),
    ],
  ])('tells the page of %s: %j', async (_, told, phone) => {
    expect(await asked(phone)).toEqual(told)
  })
})
