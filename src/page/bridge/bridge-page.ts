import { createCredentials } from '../../credentials/create-credentials.js'
import type { CredentialsOptions } from '../../credentials/create-credentials.js'
import type { CredentialClient } from '../../credentials/credential-client.js'
import { asksWallets } from '../../credentials/digital-requests.js'
import { DocumentDesk } from '../../credentials/page-side/document-desk.js'
import { pageScript } from '../../credentials/page-side/page-script.js'
import type { CeremonyOrigin } from '../../webauthn/ceremony-origin.js'
import { createLab } from '../../testing/lab.js'
import type { Lab, LabPhoneOptions } from '../../testing/lab.js'
import { DocumentDesks } from './document-desks.js'
import { ceremonyOriginOf } from './ceremony-origin.js'
import { createPagePhone } from './page-phone.js'
import type { PagePhone } from './page-phone.js'
import type { FrameUnderTest, PageUnderTest, PlaywrightPage, PuppeteerPage } from './page-under-test.js'

/** What a page under test meets. */
export interface BridgePageOptions extends Pick<
  CredentialsOptions,
  'onProgress' | 'onCtap' | 'timeouts' | 'chooseAccount' | 'fetchRelatedOrigins'
> {
  /** Where laptop and phones are; a new lab unless given, such as `createLab({ tunnel: misbehavingTunnel(…) })`. */
  readonly lab?: Lab | undefined
  /** The laptop, or what stands in for it; one of the lab unless given. */
  readonly client?: CredentialClient | undefined
  /** The first phone, such as `{ profile: 'ios' }`. */
  readonly phone?: LabPhoneOptions | undefined
  /** Hears why a request failed; pages are told the name and the message only. */
  readonly onFailure?: ((error: unknown) => void) | undefined
}

/** What a page’s requests go to. */
export interface BridgedPage {
  readonly lab: Lab
  /** The phone that reads the page’s QR codes at first. */
  readonly phone: PagePhone
  /** Another phone, which lies there until it is held. */
  newPhone(options?: LabPhoneOptions): PagePhone
  /** From now on this phone reads QR codes; undefined: nobody does. */
  hold(phone: PagePhone | undefined): void
  /** Settles when the requests that the page has made until now are over. */
  settled(): Promise<void>
  /** Ends the requests that are pending. */
  close(): void
}

let bridges = 0

/**
 * Sends a page’s `navigator.credentials` to a lab’s laptop and a virtual phone, over the whole wire. Call it before the page opens
 * anything. Origins are those that the browser says a request’s frame has.
 * @param page of Playwright or Puppeteer; in Puppeteer’s, requests of frames are a `NotAllowedError`, as it does not tell which frame
 * calls: bridge no page there whose frames are not yours.
 * @example
 * import assert from 'node:assert/strict'
 *
 * const { phone } = await bridgePage(page)
 * await page.getByRole('button', { name: 'Create a passkey' }).click()
 * assert.equal((await phone.passkeys()).length, 1)
 */
export async function bridgePage(page: PageUnderTest, options: BridgePageOptions = {}): Promise<BridgedPage> {
  const {
    lab = createLab(),
    phone: phoneOptions = {},
    client = lab.client(),
    onFailure,
    ...settings
  } = options
  const newPhone = (own: LabPhoneOptions = {}): PagePhone => createPagePhone(lab, own, () => desks.settled())
  const phone = newPhone(phoneOptions)
  let held: PagePhone | undefined = phone
  const onQr: CredentialsOptions['onQr'] = ({ url }) => {
    // How a phone fails is seen by the laptop.
    void held?.read(url).catch(() => undefined)
  }
  const deskFor = (from: CeremonyOrigin): DocumentDesk =>
    new DocumentDesk({ credentials: createCredentials({ ...settings, ...from, client, onQr }), onFailure })
  const desks = await connect(page, deskFor, client)
  page.on('close', () => desks.leaveAll())
  return {
    lab,
    phone,
    newPhone,
    hold: other => void (held = other),
    settled: () => desks.settled(),
    close: () => desks.leaveAll(),
  }
}

type DeskFor = (from: CeremonyOrigin) => DocumentDesk

/** The requests of one page, whatever its frames are. */
type PageDesks = Pick<DocumentDesks<object>, 'settled' | 'leaveAll'>

async function connect(page: PageUnderTest, deskFor: DeskFor, client: CredentialClient): Promise<PageDesks> {
  bridges += 1
  const sender = `fidoHybridBridge${bridges}`
  const isPlaywright = 'exposeBinding' in page
  const script = pageScript({
    sender,
    digital: asksWallets([client]),
    keepsPolicy: true,
    topOnly: !isPlaywright,
  })
  const desks = isPlaywright
    ? await connectFrames(page, sender, script, deskFor)
    : await connectTop(page, sender, script, deskFor)
  // What is open already, such as a page that a test was given.
  await Promise.all(page.frames().map(frame => frame.evaluate(script)))
  return desks
}

async function connectFrames(
  page: PlaywrightPage,
  sender: string,
  script: string,
  deskFor: DeskFor,
): Promise<PageDesks> {
  const desks = new DocumentDesks<FrameUnderTest>(frame => deskFor(ceremonyOriginOf(frame)))
  await page.exposeBinding(sender, ({ frame }, message) => desks.answer(frame, message))
  page.on('framedetached', frame => desks.leave(frame))
  await page.addInitScript({ content: script })
  return desks
}

async function connectTop(
  page: PuppeteerPage,
  sender: string,
  script: string,
  deskFor: DeskFor,
): Promise<PageDesks> {
  const top = { url: () => page.url(), parentFrame: () => null }
  const desks = new DocumentDesks<FrameUnderTest>(frame => deskFor(ceremonyOriginOf(frame)))
  await page.exposeFunction(sender, message => desks.answer(top, message))
  await page.evaluateOnNewDocument(script)
  return desks
}
