import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
  WebAuthnCredential,
} from '@simplewebauthn/server'

interface Account {
  readonly userName: string
  readonly passkeys: WebAuthnCredential[]
}

/** What the page shows of an account. */
interface AccountView {
  readonly userName: string
  readonly passkeys: number
}

/** Accounts with nothing but passkeys, in memory. */
export class Accounts {
  readonly #accounts: Account[] = []
  /** Whose registration waits for which challenge. */
  readonly #registrations = new Map<string, Account>()
  readonly #signIns = new Set<string>()
  readonly #site: { readonly expectedOrigin: string; readonly expectedRPID: string }

  constructor(origin: string) {
    this.#site = { expectedOrigin: origin, expectedRPID: new URL(origin).hostname }
  }

  async creationOptions({
    userName,
  }: Pick<Account, 'userName'>): Promise<PublicKeyCredentialCreationOptionsJSON> {
    const known = this.#accounts.find(account => account.userName === userName)
    const account = known ?? { userName, passkeys: [] }
    const options = await generateRegistrationOptions({
      rpName: 'Example',
      rpID: this.#site.expectedRPID,
      userName,
      excludeCredentials: account.passkeys,
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    })
    this.#registrations.set(options.challenge, account)
    return options
  }

  async register(response: RegistrationResponseJSON): Promise<AccountView> {
    let account: Account | undefined
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response,
      ...this.#site,
      expectedChallenge: challenge => {
        account = this.#registrations.get(challenge)
        return this.#registrations.delete(challenge)
      },
    })
    if (!verified || account === undefined) throw new Error('the registration does not verify')
    account.passkeys.push(registrationInfo.credential)
    if (!this.#accounts.includes(account)) this.#accounts.push(account)
    return viewOf(account)
  }

  async requestOptions(): Promise<PublicKeyCredentialRequestOptionsJSON> {
    const options = await generateAuthenticationOptions({
      rpID: this.#site.expectedRPID,
      userVerification: 'required',
    })
    this.#signIns.add(options.challenge)
    return options
  }

  async signIn(response: AuthenticationResponseJSON): Promise<AccountView> {
    const has = ({ id }: WebAuthnCredential): boolean => id === response.id
    const account = this.#accounts.find(({ passkeys }) => passkeys.some(has))
    const credential = account?.passkeys.find(has)
    if (account === undefined || credential === undefined)
      throw new Error('the site does not know this passkey')
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      credential,
      ...this.#site,
      expectedChallenge: challenge => this.#signIns.delete(challenge),
    })
    if (!verified) throw new Error('the sign-in does not verify')
    credential.counter = authenticationInfo.newCounter
    return viewOf(account)
  }
}

function viewOf({ userName, passkeys }: Account): AccountView {
  return { userName, passkeys: passkeys.length }
}
