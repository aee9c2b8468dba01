import { randomBytes } from 'node:crypto'
import { encodeBase64url } from '../../bytes/base64url.js'
import { encodeUtf8 } from '../../bytes/utf8.js'
import type { CreationOverrides, RequestOverrides } from '../../testing/relying-party.js'
import type { RequestOptionsInput } from '../../webauthn/authentication-json.js'
import type { CreationOptionsInput } from '../../webauthn/registration-json.js'
import type { AccountName } from './accounts.js'
import type { TrialRegistration, TrialSignIn, TrialParty } from './party.js'
import { VERIFIED } from './step.js'
import type { TryWatch } from './try-watch.js'

/** How a ceremony differs from the usual. */
export interface Variant {
  /** Whether to wait for less time, because nothing should happen. */
  readonly isShort?: boolean | undefined
}

/** A sign-in, and what the two secrets of `prf` were like, if they were asked for. */
export interface SignedIn {
  readonly response: TrialSignIn
  readonly prf: 'none' | 'same' | 'two'
}

const STRANGERS = 63
const STRANGER_BYTES = 64
const PRF_INPUTS = { first: encodeBase64url(encodeUtf8('one')), second: encodeBase64url(encodeUtf8('two')) }
const PRF_LABELS: Readonly<Record<SignedIn['prf'], string>> = {
  none: 'no-prf',
  same: 'prf-same',
  two: VERIFIED,
}

/**
 * What a trial does with passkeys, as either side: each ceremony is verified, and ends with a label.
 * @typeParam Own how its ceremonies may differ.
 */
export abstract class PasskeyDesk<Own extends Variant> {
  protected readonly party: TrialParty

  protected constructor(party: TrialParty) {
    this.party = party
  }

  /** Looks at the machine. @returns `works`, or what is missing. */
  abstract examine(): Promise<string>

  protected abstract create(options: CreationOptionsInput, watch: TryWatch): Promise<TrialRegistration>

  protected abstract get(
    options: RequestOptionsInput,
    account: AccountName,
    watch: TryWatch,
    variant: Own | undefined,
  ): Promise<SignedIn>

  /** Registers a passkey, and asks whether it can do `prf`. */
  async register(account: AccountName, watch: TryWatch, overrides: CreationOverrides = {}): Promise<string> {
    const options = { ...(await this.party.creationOptions(account, overrides)), extensions: { prf: {} } }
    await this.party.register(account, await this.create(options, watch))
    return VERIFIED
  }

  /** Registers again, though the options name the passkey that there is. */
  registerAgain(account: AccountName, watch: TryWatch): Promise<string> {
    return this.register(account, watch, { excludeCredentials: this.party.listOf(account) })
  }

  /** Signs in by a list that names nothing. */
  signIn(account: AccountName, watch: TryWatch): Promise<string> {
    return this.#signIn(account, watch, {})
  }

  /** Signs in by a list that names the passkey. */
  signInByName(account: AccountName, watch: TryWatch, variant?: Own): Promise<string> {
    return this.#signIn(account, watch, { allowCredentials: this.party.listOf(account) }, variant)
  }

  /** Signs in by a list that names made-up passkeys before the real one. */
  signInByLargeList(account: AccountName, watch: TryWatch): Promise<string> {
    const stranger = (): { id: string } => ({ id: encodeBase64url(randomBytes(STRANGER_BYTES)) })
    const strangers = Array.from({ length: STRANGERS }, stranger)
    return this.#signIn(account, watch, { allowCredentials: [...strangers, ...this.party.listOf(account)] })
  }

  /** Signs in, and derives two secrets of the passkey. */
  async signInWithPrf(account: AccountName, watch: TryWatch): Promise<string> {
    const allowCredentials = this.party.listOf(account)
    const named = await this.party.rp.requestOptions({ allowCredentials })
    const options = { ...named, extensions: { prf: { eval: PRF_INPUTS } } }
    const { response, prf } = await this.get(options, account, watch, undefined)
    await this.party.signIn(account, response)
    return PRF_LABELS[prf]
  }

  async #signIn(
    account: AccountName,
    watch: TryWatch,
    overrides: RequestOverrides,
    variant?: Own,
  ): Promise<string> {
    const options = await this.party.rp.requestOptions(overrides)
    const { response } = await this.get(options, account, watch, variant)
    return (await this.party.signIn(account, response)) ? VERIFIED : 'other-account'
  }
}
