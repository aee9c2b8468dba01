import type { RequestOptionsInput } from '../../webauthn/authentication-json.js'
import type { CreationOptionsInput } from '../../webauthn/registration-json.js'
import { readAuthentication, readRegistration } from '../lab/response-json.js'
import type { AccountName } from './accounts.js'
import { credentialRequest } from './digital-request.js'
import type { TrialRegistration, TrialParty } from './party.js'
import { PasskeyDesk } from './passkey-desk.js'
import type { SignedIn, Variant } from './passkey-desk.js'
import type { TrialPhone } from './phone.js'
import type { TryWatch } from './try-watch.js'

/** What the steps of the phone work with. */
export interface PhoneDeskOptions {
  readonly phone: TrialPhone
  readonly party: TrialParty
  /** Looks at the machine. @returns the label of what is found. */
  readonly examine: () => Promise<string>
}

/** What the phone, and the page in the browser of the laptop, do in the steps. */
export class PhoneDesk extends PasskeyDesk<Variant> {
  readonly #options: PhoneDeskOptions

  constructor(options: PhoneDeskOptions) {
    super(options.party)
    this.#options = options
  }

  override examine(): Promise<string> {
    return this.#options.examine()
  }

  /** Answers the code of the last ceremony once more, which no laptop may take any longer. */
  async scanAgain(watch: TryWatch): Promise<string> {
    await this.#options.phone.scanAgain(watch)
    return 'answered-again'
  }

  /** Has the page ask the wallet for a credential. */
  async askWallet(watch: TryWatch): Promise<string> {
    await this.#options.phone.meet(watch, { title: 'Show a credential', digital: credentialRequest() })
    return 'answered'
  }

  protected override async create(
    publicKey: CreationOptionsInput,
    watch: TryWatch,
  ): Promise<TrialRegistration> {
    const { phone } = this.#options
    const { response } = await phone.meet(watch, { title: 'Register', method: 'create', publicKey })
    return readRegistration(response)
  }

  protected override async get(
    publicKey: RequestOptionsInput,
    _: AccountName,
    watch: TryWatch,
    variant?: Variant,
  ): Promise<SignedIn> {
    const { phone } = this.#options
    const { response, prf } = await phone.meet(watch, { title: 'Sign in', method: 'get', publicKey }, variant)
    return { response: readAuthentication(response), prf: prf === 'two' || prf === 'same' ? prf : 'none' }
  }
}
