import { HybridError, ProtocolError } from '../../errors.js'
import { createRelyingParty } from '../../testing/relying-party.js'
import type { RelyingParty } from '../../testing/relying-party.js'
import { accountOverrides, accountTitle } from './accounts.js'
import type { AccountName } from './accounts.js'
import type { TrialPasskey } from './state.js'

/** What the relying party verifies. */
export type TrialRegistration = Parameters<RelyingParty['register']>[0]
export type TrialSignIn = Parameters<RelyingParty['signIn']>[0]
type CreationOptions = Awaited<ReturnType<RelyingParty['creationOptions']>>
type Overrides = NonNullable<Parameters<RelyingParty['creationOptions']>[0]>

/** The trial’s relying party: it verifies in this process, and knows the account of each passkey. */
export class TrialParty {
  readonly rp: RelyingParty
  readonly #accounts = new Map<string, string>()

  private constructor(rp: RelyingParty) {
    this.rp = rp
  }

  /** @param passkeys of the trial that is resumed. @throws UnsupportedError `package-missing` without its library. */
  static async open(origin: string, passkeys: readonly TrialPasskey[]): Promise<TrialParty> {
    const party = new TrialParty(await createRelyingParty({ origin, rpName: 'fido-hybrid trial' }))
    for (const { account, publicKey, ...passkey } of passkeys) {
      party.rp.credentials.push({ ...passkey, publicKey: Uint8Array.from(publicKey) })
      party.#accounts.set(passkey.id, account)
    }
    return party
  }

  /** Those that are registered, for the state of the trial. */
  get passkeys(): readonly TrialPasskey[] {
    return this.rp.credentials.map(({ id, publicKey, counter }) => ({
      id,
      publicKey,
      counter,
      account: this.#accounts.get(id) ?? '',
    }))
  }

  /** The passkeys of an account in a list of the options. */
  listOf(account: AccountName): { id: string }[] {
    const own = this.passkeys.filter(passkey => passkey.account === accountTitle(account))
    return own.map(({ id }) => ({ id }))
  }

  creationOptions(account: AccountName, overrides: Overrides = {}): Promise<CreationOptions> {
    return this.rp.creationOptions({ ...accountOverrides(account), ...overrides })
  }

  /** Verifies a registration; the account’s earlier passkey is then replaced. @throws ProtocolError `response-invalid`. */
  async register(account: AccountName, response: TrialRegistration): Promise<void> {
    const replaced = this.listOf(account).map(({ id }) => id)
    const { id } = await verified(() => this.rp.register(response))
    const { credentials } = this.rp
    const kept = credentials.filter(each => each.id === id || !replaced.includes(each.id))
    credentials.splice(0, credentials.length, ...kept)
    this.#accounts.set(id, accountTitle(account))
  }

  /** Verifies a sign-in. @returns whether it was with a passkey of that account. @throws ProtocolError `response-invalid`. */
  async signIn(account: AccountName, response: TrialSignIn): Promise<boolean> {
    const { id } = await verified(() => this.rp.signIn(response))
    return this.#accounts.get(id) === accountTitle(account)
  }
}

/** The library throws plain errors. */
async function verified<Result>(verify: () => Promise<Result>): Promise<Result> {
  try {
    return await verify()
  } catch (cause) {
    if (cause instanceof HybridError) throw cause
    throw new ProtocolError('response-invalid', 'the relying party does not accept the response', { cause })
  }
}
