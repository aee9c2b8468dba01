import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { accessibilityFaults } from '../browser/support/accessibility.js'
import { useChromium } from '../browser/support/chromium.js'
import { cases, onlyCase, refused, taken } from '../support/cases.js'
import { serveSite } from './support/site.js'
import type { ServedSite } from './support/site.js'

interface Code {
  readonly url: string
  readonly knownDomains: number
  readonly publicKey: string
  readonly secret: string
}

/** Of the worked example, in the protocol reference. */
const ADVERT = '9daa3ca17e48fb1f0fe9bd959668bed141237200a1011882'

const MAX_LETTERS = 262_144

const chromium = useChromium()
let site: ServedSite
beforeAll(async () => {
  site = await serveSite()
})
afterAll(() => site.close())

async function decodePage(): Promise<Page> {
  const page = await chromium.open(`${site.origin}/decode`)
  // Its script runs: a form of plain HTML would be sent.
  await page.locator('.VPSwitchAppearance').first().waitFor()
  return page
}

async function decoded(page: Page, input: string, opener = ''): Promise<string> {
  await page.getByLabel('bytes in hex').fill(input)
  await page.getByLabel('If it is an advert').fill(opener)
  await page.getByRole('button', { name: 'Decode', exact: true }).click()
  return page.getByRole('status').innerText()
}

async function member(page: Page, name: string): Promise<string> {
  return page.locator(`[data-member="${name}"] > .value`).first().innerText()
}

const codes = cases<Code>('qr', 'codes')
/** Those of which the vectors say all members. */
const whole = taken(codes).filter(({ publicKey }: Partial<Code>) => publicKey !== undefined)

describe('the decode page', () => {
  test('says what is in a code', async () => {
    const page = await decodePage()
    for (const { url, name, knownDomains, publicKey, secret } of whole) {
      expect(await decoded(page, url), name).toBe('QR code of a laptop')
      expect(await member(page, 'publicKey'), name).toBe(publicKey)
      expect(await member(page, 'knownTunnelServices'), name).toBe(String(knownDomains))
      expect(await member(page, 'secret'), name).toBe('[redacted]')
      await page.getByLabel('show secrets').check()
      await expect.poll(() => member(page, 'secret')).toBe(secret)
      await page.getByLabel('show secrets').uncheck()
      await expect.poll(() => member(page, 'secret')).toBe('[redacted]')
    }
  })

  test('refuses bad codes, each with its error and what to do', async () => {
    const page = await decodePage()
    for (const { url, name, error = '' } of refused(codes)) {
      const told = await decoded(page, url)
      expect(told, name).toContain(error)
      expect(await page.getByRole('link', { name: error }).getAttribute('href'), name).toBe(
        `/errors#${error}`,
      )
      expect(await page.locator('.decoded').count(), name).toBe(0)
    }
  })

  test('opens an advert with its code, and with the secret in it', async () => {
    const { url, secret, serviceData, routingId, domain } = onlyCase<Record<string, string>>(
      'trace-ios',
      'sessions',
    )
    const page = await decodePage()
    for (const opener of [url, secret]) {
      expect(await decoded(page, serviceData ?? '', opener)).toBe(
        'advert of the phone that read this QR code',
      )
      expect(await member(page, 'routingId')).toBe(routingId)
      expect(await member(page, 'domain')).toBe(domain)
    }
    expect(await decoded(page, serviceData ?? '', codes[0]?.url)).toContain('advert-malformed')
  })

  test('finds a code in other text, and says of what it cannot read what to do', async () => {
    const page = await decodePage()
    const { url = '' } = whole[0] ?? {}
    const told = await decoded(page, url)
    expect(await decoded(page, `Scan this: “${url}”`)).toBe(told)
    expect(await decoded(page, '{"event":"scanning"}')).toContain('fido-hybrid inspect FILE')
    expect(await decoded(page, ADVERT)).toContain('give the QR code below')
    expect(await decoded(page, ADVERT, 'zz')).toContain('the QR code or secret of the advert')
  })

  test('takes hostile text as text, up to its limit', async () => {
    const page = await decodePage()
    const markup = '<img src=x onerror=document.title=1>'
    expect(await decoded(page, markup)).toContain('hex-malformed')
    const title = await page.title()
    // {"a": markup}, as CBOR.
    await decoded(page, `a161617824${Buffer.from(markup).toString('hex')}`)
    expect(await member(page, 'a')).toBe(markup)
    expect(await page.title()).toBe(title)
    for (const bad of ['FIDO:/1\u0000\u001b[31m2', 'FIDO:/\udc001', 'FIDO:/\u0661\u0662'])
      expect(await decoded(page, bad)).toContain('qr-url-malformed')
    expect(await decoded(page, '00'.repeat(MAX_LETTERS / 2))).toContain('sealed advert')
    expect(await decoded(page, ' '.repeat(MAX_LETTERS - 4) + '0104')).toContain('authenticatorGetInfo')
    expect(await decoded(page, ' '.repeat(MAX_LETTERS - 3) + '0104')).toContain('262144 at most')
  })

  test('takes what is pasted at once, and explains each example, accessibly', async () => {
    const page = await decodePage()
    const field = page.getByLabel('bytes in hex')
    await field.fill('0104')
    await field.dispatchEvent('paste')
    await page.getByText('CTAP message with a CTAP2 request authenticatorGetInfo').waitFor()
    const samples = await page.getByRole('group', { name: 'Examples' }).getByRole('button').all()
    expect(samples).toHaveLength(9)
    for (const sample of samples) {
      await sample.click()
      await expect.poll(() => page.getByRole('status').innerText()).not.toBe('')
      expect(await accessibilityFaults(page), await sample.innerText()).toEqual([])
    }
  })

  test('may connect to nothing', async () => {
    const page = await decodePage()
    const policy = await page.locator('meta[http-equiv=Content-Security-Policy]').getAttribute('content')
    expect(policy).toContain("connect-src 'none'")
    expect(policy).toContain("form-action 'none'")
  })
})
