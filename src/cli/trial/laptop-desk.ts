import { randomBytes } from 'node:crypto'
import { encodeBase64url } from '../../bytes/base64url.js'
import { equalBytes } from '../../bytes/bytes.js'
import { encodeUtf8 } from '../../bytes/utf8.js'
import type { ChooseAccount } from '../../client/hybrid-client.js'
import type { Link, LinkStore } from '../../ports/link-store.js'
import type { CreationOverrides, RequestOverrides } from '../../testing/relying-party.js'
import { prfResults } from '../../webauthn/prf-results.js'
import { accountTitle } from './accounts.js'
import type { AccountName } from './accounts.js'
import { credentialRequest } from './digital-request.js'
import type { TrialLaptop, Variant } from './laptop.js'
import { LinkKeeper } from './link-keeper.js'
import type { TrialParty } from './party.js'
import { VERIFIED } from './step.js'
import type { TryWatch } from './try-watch.js'

/** What the steps of the laptop work with. */
export interface LaptopDeskOptions {
  readonly laptop: TrialLaptop
  readonly party: TrialParty
  readonly links: LinkStore
  /** Looks at the machine. @returns the label of what is found. */
  readonly examine: () => Promise<string>
  /** Waits until the person has done something. */
  readonly pause: () => Promise<void>
}

const STRANGERS = 63
const STRANGER_BYTES = 64
const PRF_INPUTS = { first: encodeBase64url(encodeUtf8('one')), second: encodeBase64url(encodeUtf8('two')) }

/** What the laptop does in the steps: each ceremony is verified, and ends with a label. */
export class LaptopDesk {
  readonly #options: LaptopDeskOptions
  #link: Link | undefined

  constructor(options: LaptopDeskOptions) {
    this.#options = options
  }

  examine(): Promise<string> {
    return this.#options.examine()
  }

  /** Registers a passkey, and asks whether it can do `prf`. */
  async register(account: AccountName, watch: TryWatch, overrides: CreationOverrides = {}): Promise<string> {
    const { laptop, party } = this.#options
    const options = { ...(await party.creationOptions(account, overrides)), extensions: { prf: {} } }
    await party.register(
      account,
      await laptop.meet(watch, (client, ceremony) => client.create(options, ceremony)),
    )
    return VERIFIED
  }

  /** Registers again, though the options name the passkey that there is. */
  registerAgain(account: AccountName, watch: TryWatch): Promise<string> {
    return this.register(account, watch, { excludeCredentials: this.#options.party.listOf(account) })
  }

  /** Signs in by a list that names nothing. */
  signIn(account: AccountName, watch: TryWatch): Promise<string> {
    return this.#signIn(account, watch, {})
  }

  /** Signs in by a list that names the passkey. */
  signInByName(account: AccountName, watch: TryWatch, variant: Variant = {}): Promise<string> {
    return this.#signIn(account, watch, { allowCredentials: this.#options.party.listOf(account) }, variant)
  }

  /** Signs in by a list that names passkeys of nobody before the one that there is. */
  signInByLargeList(account: AccountName, watch: TryWatch): Promise<string> {
    const stranger = (): { id: string } => ({ id: encodeBase64url(randomBytes(STRANGER_BYTES)) })
    const strangers = Array.from({ length: STRANGERS }, stranger)
    const allowCredentials = [...strangers, ...this.#options.party.listOf(account)]
    return this.#signIn(account, watch, { allowCredentials })
  }

  /** Signs in, and derives two secrets of the passkey. */
  async signInWithPrf(account: AccountName, watch: TryWatch): Promise<string> {
    const { laptop, party } = this.#options
    const named = await party.rp.requestOptions({ allowCredentials: party.listOf(account) })
    const options = { ...named, extensions: { prf: { eval: PRF_INPUTS } } }
    const response = await laptop.meet(watch, (client, ceremony) => client.get(options, ceremony))
    await party.signIn(account, response)
    const { first, second } = prfResults(response) ?? {}
    if (first === undefined || second === undefined) return 'no-prf'
    return equalBytes(first, second) ? 'prf-same' : VERIFIED
  }

  /** Shows the code of the last ceremony once more, which no phone may answer any longer. */
  async showAgain(): Promise<string> {
    await this.#options.laptop.showAgain(this.#options.pause)
    return 'shown-again'
  }

  /** Signs in, and asks the phone to be remembered. */
  async signInToLink(account: AccountName, watch: TryWatch): Promise<string> {
    const links = new LinkKeeper(this.#options.links)
    const label = await this.signInByName(account, watch, { links })
    this.#link = await links.last
    return this.#link === undefined ? 'no-link' : label
  }

  /** Signs in by the link that was made last: no QR code is shown. */
  signInByLink(account: AccountName, watch: TryWatch): Promise<string> {
    return this.signInByName(account, watch, { link: this.#link, links: this.#options.links })
  }

  /** Asks the wallet of the phone for a credential, which is dropped. */
  async askWallet(watch: TryWatch): Promise<string> {
    const request = credentialRequest()
    await this.#options.laptop.meet(watch, (client, ceremony) => client.getDigital(request, ceremony))
    return 'answered'
  }

  async #signIn(
    account: AccountName,
    watch: TryWatch,
    overrides: RequestOverrides,
    variant: Variant = {},
  ): Promise<string> {
    const { laptop, party } = this.#options
    const options = await party.rp.requestOptions(overrides)
    const chooseAccount: ChooseAccount = accounts =>
      accounts.find(({ name }) => name === accountTitle(account))
    const response = await laptop.meet(
      watch,
      (client, ceremony) => client.get(options, { ...ceremony, chooseAccount }),
      variant,
    )
    return (await party.signIn(account, response)) ? VERIFIED : 'other-account'
  }
}
