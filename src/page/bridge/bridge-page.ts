import { MemoryLinkStore } from '../../adapters/stores/memory-link-store.js'
import { HybridClient } from '../../client/hybrid-client.js'
import { createCredentials } from '../../credentials/create-credentials.js'
import type { CredentialsOptions } from '../../credentials/create-credentials.js'
import type { CredentialClient } from '../../credentials/credential-client.js'
import { asksWallets } from '../../credentials/digital-requests.js'
import { DocumentDesk } from '../../credentials/page-side/document-desk.js'
import { pageScript } from '../../credentials/page-side/page-script.js'
import type { CeremonyOrigin } from '../../webauthn/ceremony-origin.js'
import { createLab } from '../../testing/lab.js'
import type { Lab, LabPhoneOptions } from '../../testing/lab.js'
import { UsageError } from '../../errors.js'
import { DocumentDesks } from './document-desks.js'
import { ceremonyOriginOf } from './ceremony-origin.js'
import { LinkingLaptop } from './linking-laptop.js'
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
  /** The laptop, or what stands in for it; one of the lab unless given, which remembers linked phones. */
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
  /** Another phone. It does nothing until it is held. */
  newPhone(options?: LabPhoneOptions): PagePhone
  /** From now on this phone reads QR codes; with undefined no phone does. */
  hold(phone: PagePhone | undefined): void
  /**
   * Links a phone with the laptop: from now on, while it is held, it is asked for passkeys without a QR code. Its owner may end that
   * (`phone.unlinkAll()`): the next request then fails, and the one after it shows a QR code again.
   * @param phone the one that is held unless given.
   * @throws UsageError `argument-invalid` for a client that is not a `HybridClient` with a store of links, and for a
   * phone that cannot link, such as one with the profile `ios`.
   */
  link(phone?: PagePhone): Promise<void>
  /** Settles when the requests that the page has made until now are over. */
  settled(): Promise<void>
  /** Ends the requests that are pending; linked phones are asked no more. */
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
    client: own = lab.client({ links: new MemoryLinkStore() }),
    onFailure,
    ...settings
  } = options
  const newPhone = (own: LabPhoneOptions = {}): PagePhone => createPagePhone(lab, own, () => desks.settled())
  const phone = newPhone(phoneOptions)
  let held: PagePhone | undefined = phone
  const onQr: CredentialsOptions['onQr'] = ({ url }) => {
    // The laptop sees how a phone fails.
    void held?.read(url).catch(() => undefined)
  }
  const laptop = own instanceof HybridClient ? new LinkingLaptop(own, () => held) : undefined
  const client = laptop ?? own
  const deskFor = (from: CeremonyOrigin): DocumentDesk =>
    new DocumentDesk({ credentials: createCredentials({ ...settings, ...from, client, onQr }), onFailure })
  const desks = new DocumentDesks<FrameUnderTest>(frame => deskFor(ceremonyOriginOf(frame)), onFailure)
  await connect(page, desks, asksWallets([client]))
  const close = (): void => {
    laptop?.end()
    desks.leaveAll()
  }
  page.on('close', close)
  return {
    ...{ lab, phone, newPhone, close },
    hold: other => void (held = other),
    async link(linked = held) {
      if (laptop === undefined || linked === undefined)
        throw new UsageError('argument-invalid', 'link() needs a phone, and a HybridClient that remembers it')
      await laptop.link(linked, settings.onProgress)
    },
    settled: () => desks.settled(),
  }
}

async function connect(
  page: PageUnderTest,
  desks: DocumentDesks<FrameUnderTest>,
  digital: boolean,
): Promise<void> {
  bridges += 1
  const sender = `fidoHybridBridge${bridges}`
  const isPlaywright = 'exposeBinding' in page
  const script = pageScript({ sender, digital, keepsPolicy: true, topOnly: !isPlaywright })
  if (isPlaywright) await connectFrames(page, sender, script, desks)
  else await connectTop(page, sender, script, desks)
  // Frames that are open already, as in a page that a test was given.
  await Promise.all(page.frames().map(frame => frame.evaluate(script)))
}

async function connectFrames(
  page: PlaywrightPage,
  sender: string,
  script: string,
  desks: DocumentDesks<FrameUnderTest>,
): Promise<void> {
  await page.exposeBinding(sender, ({ frame }, message) => desks.answer(frame, message))
  page.on('framedetached', frame => desks.leave(frame))
  await page.addInitScript({ content: script })
}

async function connectTop(
  page: PuppeteerPage,
  sender: string,
  script: string,
  desks: DocumentDesks<FrameUnderTest>,
): Promise<void> {
  const top = { url: () => page.url(), parentFrame: () => null }
  await page.exposeFunction(sender, message => desks.answer(top, message))
  await page.evaluateOnNewDocument(script)
}
