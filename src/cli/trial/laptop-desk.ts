import { equalBytes } from '../../bytes/bytes.js'
import type { ChooseAccount } from '../../client/hybrid-client.js'
import type { Link, LinkStore } from '../../ports/link-store.js'
import type { AuthenticationResponseJSON, RequestOptionsInput } from '../../webauthn/authentication-json.js'
import { prfResults } from '../../webauthn/prf-results.js'
import type { CreationOptionsInput } from '../../webauthn/registration-json.js'
import { accountTitle } from './accounts.js'
import type { AccountName } from './accounts.js'
import { credentialRequest } from './digital-request.js'
import type { LaptopVariant, TrialLaptop } from './laptop.js'
import { LinkKeeper } from './link-keeper.js'
import type { TrialRegistration, TrialParty } from './party.js'
import { PasskeyDesk } from './passkey-desk.js'
import type { SignedIn } from './passkey-desk.js'
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

/** What the laptop does in the steps. */
export class LaptopDesk extends PasskeyDesk<LaptopVariant> {
  readonly #options: LaptopDeskOptions
  #link: Link | undefined

  constructor(options: LaptopDeskOptions) {
    super(options.party)
    this.#options = options
  }

  override examine(): Promise<string> {
    return this.#options.examine()
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

  protected override create(options: CreationOptionsInput, watch: TryWatch): Promise<TrialRegistration> {
    return this.#options.laptop.meet(watch, (client, ceremony) => client.create(options, ceremony))
  }

  protected override async get(
    options: RequestOptionsInput,
    account: AccountName,
    watch: TryWatch,
    variant?: LaptopVariant,
  ): Promise<SignedIn> {
    const chooseAccount: ChooseAccount = accounts =>
      accounts.find(({ name }) => name === accountTitle(account))
    const response = await this.#options.laptop.meet(
      watch,
      (client, ceremony) => client.get(options, { ...ceremony, chooseAccount }),
      variant,
    )
    return { response, prf: prfOf(response) }
  }
}

function prfOf(response: AuthenticationResponseJSON): SignedIn['prf'] {
  const { first, second } = prfResults(response) ?? {}
  if (first === undefined || second === undefined) return 'none'
  return equalBytes(first, second) ? 'same' : 'two'
}
