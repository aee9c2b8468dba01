import type { CreationOverrides } from '../../testing/relying-party.js'

/** An account of the trial’s relying party. */
export type AccountName = 'ada' | 'grace'

const ACCOUNTS: Readonly<Record<AccountName, string>> = { ada: 'Ada', grace: 'Grace' }

/** What phones show of an account. */
export function accountTitle(account: AccountName): string {
  return `${ACCOUNTS[account]} (trial)`
}

/** The account in creation options. Its ID is that of every trial: a passkey of an earlier one is replaced. */
export function accountOverrides(account: AccountName): CreationOverrides {
  return {
    userName: accountTitle(account),
    userDisplayName: accountTitle(account),
    userID: Uint8Array.from(Buffer.from(`fido-hybrid trial ${account}`)),
  }
}
