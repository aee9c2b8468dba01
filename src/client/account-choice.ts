import { unlessAborted } from '../async/unless-aborted.js'
import { encodeBase64url } from '../bytes/base64url.js'
import { CTAP_COMMAND } from '../ctap/commands.js'
import { abortedBy } from '../driver/progress.js'
import { UsageError } from '../errors.js'
import { calling } from '../ports/calling.js'
import { readAssertion } from '../webauthn/assertion.js'
import type { Assertion } from '../webauthn/assertion.js'
import { responseInvalid } from '../webauthn/ceremony.js'
import type { GetAssertionCall } from '../webauthn/get.js'

/** The most accounts that are fetched from one phone. */
const ACCOUNTS_MAX = 100
/** The most bytes that their answers may have together. */
const ANSWERS_MAX_BYTES = 1_048_576

/** One account that the phone has signed for. Its names are the phone’s words: show them as plain text. */
export interface Account {
  /** base64url. */
  readonly credentialId: string
  /** base64url of 1 to 64 bytes; absent where the phone names no user. */
  readonly userHandle?: string | undefined
  /** The user name that the passkey was made with, such as an e-mail address; absent where the phone does not tell it. */
  readonly name?: string | undefined
  /** The name that the passkey was made with, such as “Ada Lovelace”; absent where the phone does not tell it. */
  readonly displayName?: string | undefined
}

/**
 * Lets the user choose one of at least two accounts.
 * @param signal fires when the ceremony is over: take the list away.
 * @returns one of the accounts; undefined when the user wants none.
 */
export type ChooseAccount = (
  accounts: readonly Account[],
  signal: AbortSignal,
) => Account | undefined | Promise<Account | undefined>

/** Who chooses, and until when. */
export interface AccountChoiceOptions {
  readonly chooseAccount?: ChooseAccount | undefined
  readonly signal?: AbortSignal | undefined
}

/** An account, and the answer that signs in to it. */
interface Offer {
  readonly account: Account
  /** status byte ‖ CBOR. */
  readonly response: Uint8Array
}

/**
 * The answer to hand on: the phone’s own where it has one account or its user chose one; else that of the account chosen here,
 * out of those that getNextAssertion fetches (CTAP 2.2 section 6.3).
 * @param first status byte ‖ CBOR.
 * @param ask sends one command.
 * @throws UsageError `account-not-chosen`, `argument-invalid`, `callback-failed`, `aborted`; ProtocolError `response-invalid`;
 * what `ask` throws, such as TunnelError `peer-closed` of a phone that takes one command.
 */
export async function chosenAnswer(
  first: Uint8Array,
  call: GetAssertionCall,
  ask: (request: Uint8Array) => Promise<Uint8Array>,
  choice: AccountChoiceOptions,
): Promise<Uint8Array> {
  const { answer } = readAssertion(first, call.expectations)
  const count = answer.numberOfCredentials ?? 1
  if (count <= 1 || answer.userSelected === true) return first
  if (count > ACCOUNTS_MAX) throw responseInvalid(`has more than ${ACCOUNTS_MAX} accounts`)
  const { chooseAccount } = choice
  if (chooseAccount === undefined)
    throw notChosen(`the phone has ${count} accounts and leaves the choice to a client that has no chooser`)
  const offers = await fetchOffers(first, count, call, ask)
  const account = await choose(chooseAccount, offers, choice.signal)
  return answerOf(account, offers)
}

async function fetchOffers(
  first: Uint8Array,
  count: number,
  call: GetAssertionCall,
  ask: (request: Uint8Array) => Promise<Uint8Array>,
): Promise<readonly Offer[]> {
  const offers = new Map<string, Offer>()
  let length = 0
  for (let response = first; ; response = await ask(Uint8Array.of(CTAP_COMMAND.getNextAssertion))) {
    length += response.length
    if (length > ANSWERS_MAX_BYTES)
      throw responseInvalid(`has more than ${ANSWERS_MAX_BYTES} bytes of accounts`)
    const account = toAccount(readAssertion(response, call.expectations))
    if (offers.has(account.credentialId)) throw responseInvalid('has one passkey twice')
    offers.set(account.credentialId, { account, response })
    if (offers.size === count) return [...offers.values()]
  }
}

function toAccount({ answer, credentialId, userHandle }: Assertion): Account {
  return {
    credentialId: encodeBase64url(credentialId),
    userHandle: userHandle && encodeBase64url(userHandle),
    name: answer.user?.name,
    displayName: answer.user?.displayName,
  }
}

async function choose(
  chooseAccount: ChooseAccount,
  offers: readonly Offer[],
  signal: AbortSignal = new AbortController().signal,
): Promise<Account> {
  const accounts = offers.map(({ account }) => account)
  const choosing = (): Promise<Account | undefined> =>
    calling('chooseAccount', () => chooseAccount(accounts, signal))
  const account = await unlessAborted(signal, choosing)
  if (signal.aborted) throw abortedBy(signal)
  if (account === undefined) throw notChosen('no account was chosen')
  return account
}

function answerOf({ credentialId }: Account, offers: readonly Offer[]): Uint8Array {
  const chosen = offers.find(({ account }) => account.credentialId === credentialId)
  if (chosen !== undefined) return chosen.response
  throw new UsageError('argument-invalid', 'chooseAccount gave an account that was not among those offered')
}

function notChosen(why: string): UsageError {
  return new UsageError('account-not-chosen', why)
}
