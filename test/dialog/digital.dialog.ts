import { describe, expect, test } from 'vitest'
import { deferred } from '../../src/async/deferred.js'
import type { LabPhoneOptions } from '../../src/testing.js'
import { VirtualWallet } from '../../src/virtual.js'
import type { VirtualWalletOptions } from '../../src/virtual.js'
import { answered, answering, askDigital } from './asking-digital.js'
import type { Ends } from './asking-digital.js'
import { mdocRequest } from './mdoc-request.js'
import { useOpenBrowser } from './open-browser.js'

const PROTOCOL = 'openid4vp-v1-unsigned'
const ISSUANCE = 'openid4vci-v1'
const MDOC = 'org-iso-mdoc'
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
const OFFER = { credential_issuer: 'https://issuer.example', credential_configuration_ids: ['pid'] }

/** Without Chromium’s question whether the site is trusted, which comes before the QR code unless only an age is asked for. */
const opened = useOpenBrowser({
  args: ['--enable-features=WebIdentityDigitalCredentials:dialog/no_dialog'],
})

const present = (): Promise<unknown> =>
  askDigital(opened, 'get', { requests: [{ protocol: PROTOCOL, data: DATA }] })
const issue = (): Promise<unknown> =>
  askDigital(opened, 'create', { requests: [{ protocol: ISSUANCE, data: OFFER }] })
const presentMdoc = (element: string): Promise<unknown> =>
  askDigital(opened, 'get', { requests: [{ protocol: MDOC, data: mdocRequest(element) }] })

const withWallet = (options: VirtualWalletOptions): LabPhoneOptions => ({
  wallet: new VirtualWallet(options),
})

/** A wallet that holds one credential, and what its user is asked. */
function watchedWallet(credentials: VirtualWalletOptions['credentials']): {
  readonly phone: LabPhoneOptions
  readonly prompts: unknown[]
} {
  const prompts: unknown[] = []
  const consent: VirtualWalletOptions['consent'] = ({ kind, origin, protocol, data, asks }) => {
    prompts.push({ kind, origin, protocol, data, asks })
    return true
  }
  return { phone: withWallet({ credentials, consent }), prompts }
}

describe('Chromium’s own dialog for a digital credential', () => {
  test('hands the page what our wallet gave, and tells the wallet who asks for what', async () => {
    const { phone, prompts } = watchedWallet({ [PROTOCOL]: { vp_token: { pid: ['given'] } } })
    const { page } = await answered(opened, phone, present())
    expect(page).toMatchObject({ protocol: PROTOCOL, data: { vp_token: { pid: ['given'] } } })
    const asks = ['urn:eudi:pid:1 / age_over_18']
    const { origin } = opened.site
    expect(prompts).toEqual([{ kind: 'presentation', origin, protocol: PROTOCOL, data: DATA, asks }])
  })

  test('asks for a mobile document likewise', async () => {
    const { phone, prompts } = watchedWallet({ [MDOC]: { response: 'gmVkY2FwaQ' } })
    const { page } = await answered(opened, phone, presentMdoc('family_name'))
    expect(page).toEqual({ protocol: MDOC, data: { response: 'gmVkY2FwaQ' } })
    const asks = ['org.iso.18013.5.1.mDL / org.iso.18013.5.1.family_name']
    expect(prompts).toMatchObject([{ protocol: MDOC, data: mdocRequest('family_name'), asks }])
  })

  test('has a wallet issued a credential', async () => {
    const { phone, prompts } = watchedWallet({ [ISSUANCE]: { accepted: true } })
    const { page } = await answered(opened, phone, issue())
    expect(page).toEqual({ protocol: ISSUANCE, data: { accepted: true } })
    const { origin } = opened.site
    expect(prompts).toEqual([{ kind: 'issuance', origin, protocol: ISSUANCE, data: OFFER, asks: [] }])
  })

  test.each<[string, unknown, LabPhoneOptions]>([
    ['USER_CANCELED', 'NotAllowedError', withWallet({ behaviour: 'decline' })],
    ['NO_CREDENTIAL', 'NotAllowedError', withWallet({})],
    ['DEVICE_ABORTED', 'AbortError', answering({ error: 'DEVICE_ABORTED' })],
    ['another error', 'NetworkError', answering({ error: 'OTHER' })],
    ['bare data', 'NetworkError', answering({ data: { vp_token: {} } })],
    ['bare text', 'NetworkError', answering({ data: 'vp_token' })],
    ['another protocol', { protocol: MDOC, data: {} }, answering({ data: { protocol: MDOC, data: {} } })],
    [
      'data and error',
      'NotAllowedError',
      answering({ data: { protocol: PROTOCOL, data: {} }, error: 'USER_CANCELED' }),
    ],
  ])('tells the page of %s: %j', async (_, told, phone) => {
    expect((await answered(opened, phone, present())).page).toEqual(told)
  })

  test.each([
    ['USER_CANCELED', withWallet({ behaviour: 'decline' })],
    ['NO_CREDENTIAL', withWallet({})],
  ])('tells an issuer of %s: NotAllowedError', async (_, phone) => {
    expect((await answered(opened, phone, issue())).page).toBe('NotAllowedError')
  })
})

describe.each([
  ['presentation', present],
  ['a mobile document', () => presentMdoc('age_over_21')],
  ['issuance', issue],
])('%s', (_, ask) => {
  test('from a phone that has passkeys only: the browser leaves it before anything is asked of it', async () => {
    const { page, phone } = await answered(opened, {}, ask())
    expect(page).toBe('NetworkError')
    expect(phone).toMatchObject({
      code: 'peer-closed',
      message: expect.stringContaining('awaiting-request') as string,
    })
  })

  test('that nobody answers lasts until the page gives up, which sees its own reason', async () => {
    const { page, phone } = await givenUpOn(ask)
    expect(page).toBe('RangeError')
    expect(phone).toMatchObject({
      code: 'peer-closed',
      message: expect.stringContaining('awaiting-json-answer') as string,
    })
    // The browser is ready for the next.
    expect((await answered(opened, withWallet({}), ask())).page).toBe('NotAllowedError')
  })
})

/** A wallet that waits for its user, and a page that aborts then. */
async function givenUpOn(ask: () => Promise<unknown>): Promise<Ends> {
  const prompted = deferred<undefined>()
  const ends = answered(opened, withWallet({ behaviour: 'wait' }), ask(), ({ event }) => {
    if (event === 'awaiting-user') prompted.resolve(undefined)
  })
  await prompted.promise
  await opened.browser.page.evaluate('stop.abort(new RangeError())')
  return ends
}
