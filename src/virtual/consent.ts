import type { Proximity } from '../ports/ble.js'
import type { Clock } from '../ports/clock.js'

/** What the user is asked for. */
export type ConsentOperation =
  | 'register'
  | 'sign-in'
  /** The relying party excludes a passkey of this phone: approving only tells it so. */
  | 'already-registered'
  /** The client asks which authenticator to use (authenticatorSelection); no relying party has a part in it. */
  | 'select'

/** The account that a new passkey is for. */
export interface ConsentUser {
  /** The user handle, 1 to 64 bytes. */
  readonly id: Uint8Array
  /** Such as an e-mail address; may be empty. */
  readonly name: string
  /** Such as “Ada Lovelace”; may be empty. */
  readonly displayName: string
}

/** A passkey that the request is about. */
export interface ConsentAccount {
  /** 16 to 1023 bytes. */
  readonly credentialId: Uint8Array
  /** Such as an e-mail address; may be empty. */
  readonly userName: string
  /** Such as “Ada Lovelace”; may be empty. */
  readonly userDisplayName: string
  /** Wall-clock milliseconds since 1970. */
  readonly createdAt: number
  /** False: the relying party may not know this passkey. */
  readonly confirmed: boolean
}

/** One prompt. All text is as the client sent it: take control characters out before printing it. */
export interface ConsentRequest {
  readonly operation: ConsentOperation
  /** Empty for `select`. */
  readonly rpId: string
  /** Empty when the relying party gave none, and for `sign-in` the name it had at registration. */
  readonly rpName: string
  /** For `register` and `already-registered`. */
  readonly user?: ConsentUser | undefined
  /**
   * For `sign-in`: the passkeys to choose from, newest first; where the relying party named no passkeys, confirmed ones
   * come before the others. For `already-registered`: the excluded passkeys. For `register`: the passkeys that the new
   * one replaces as soon as it is confirmed.
   */
  readonly accounts: readonly ConsentAccount[]
  /** For `register`: true when a passkey that works today is among those that will be replaced. Show it. */
  readonly replacesWorkingPasskey?: boolean | undefined
  /** Whether an approval without user verification will be turned into a refusal. */
  readonly userVerification: boolean
  /** Over hybrid: whether nearness to the client rests on a radio. Show it when it is only `simulated`. */
  readonly proximity?: Proximity | undefined
  /** How old the QR code was when it was read, if that is known. An old code may be a picture of somebody else’s code. */
  readonly qrAgeSeconds?: number | undefined
}

/**
 * How a refusal reaches the client: `deny` as CTAP status 0x27, `timeout` as 0x2F, `hang-up` as the end of the tunnel
 * without an answer, which is what phones do.
 */
export type RefusalKind = 'deny' | 'hang-up' | 'timeout'

/** The user’s answer to a prompt. */
export type ConsentAnswer =
  | {
      readonly approved: true
      /** Whether the user opened the screen lock, or what stands in for it. */
      readonly userVerified: boolean
      /** Index into `accounts`; default 0, the newest. */
      readonly account?: number | undefined
    }
  /** `how` says in what way the refusal reaches the client. */
  | { readonly approved: false; readonly how: RefusalKind }

/** The user of the phone, or code that plays the user. */
export interface Consent {
  /**
   * Shows a prompt and waits for the answer. What it throws becomes ERR_OTHER.
   * @param signal fires when the client has gone and the answer no longer counts.
   */
  ask(request: ConsentRequest, signal: AbortSignal): Promise<ConsentAnswer>
}

/**
 * Approves with user verification, and takes the newest account.
 *
 * @example
 * const handler = new VirtualAuthenticator({ store, consent: alwaysApprove(), random })
 */
export function alwaysApprove(): Consent {
  return { ask: () => Promise.resolve({ approved: true, userVerified: true }) }
}

/**
 * Refuses everything.
 * @param how the refusal reaches the client; default `hang-up`, as phones do.
 *
 * @example
 * const handler = new VirtualAuthenticator({ store, consent: alwaysRefuse('timeout'), random })
 */
export function alwaysRefuse(how: RefusalKind = 'hang-up'): Consent {
  return { ask: () => Promise.resolve({ approved: false, how }) }
}

/** How long a phone waits for a user who does not react. */
export interface Patience {
  readonly clock: Clock
  /** How long the phone waits, ms. */
  readonly ms: number
}

/**
 * Leaves every prompt unanswered until the client has gone, or the phone’s patience has ended; that is the refusal
 * `timeout`.
 *
 * @example
 * const consent = ignoreUntilTimeout({ clock, ms: 60_000 })
 * const handler = new VirtualAuthenticator({ store, consent, random })
 */
export function ignoreUntilTimeout(patience?: Patience): Consent {
  return {
    ask: (_, signal) =>
      new Promise(resolve => {
        const giveUp = (): void => {
          cancel?.()
          signal.removeEventListener('abort', giveUp)
          resolve({ approved: false, how: 'timeout' })
        }
        const cancel = patience?.clock.setAlarm(patience.clock.now() + patience.ms, giveUp)
        signal.addEventListener('abort', giveUp)
        if (signal.aborted) giveUp()
      }),
  }
}

/**
 * Approves everything but sign-ins with other accounts than one: where that account is not offered, it hangs up.
 * @param wanted the account’s user name, its place in the list (1 is the first), or a function that tells whether an
 * account is the one.
 *
 * @example
 * const handler = new VirtualAuthenticator({ store, consent: chooseAccount('Ada'), random })
 */
export function chooseAccount(wanted: string | number | ((account: ConsentAccount) => boolean)): Consent {
  const isWanted = typeof wanted === 'function' ? wanted : isAccount(wanted)
  return {
    ask: ({ operation, accounts }) => {
      if (operation !== 'sign-in') return Promise.resolve({ approved: true, userVerified: true })
      const account = accounts.findIndex((each, index) => isWanted(each, index))
      return Promise.resolve(
        account < 0 ? { approved: false, how: 'hang-up' } : { approved: true, userVerified: true, account },
      )
    },
  }
}

function isAccount(wanted: string | number): (account: ConsentAccount, index: number) => boolean {
  return ({ userName }, index) => userName === wanted || index + 1 === wanted
}

/**
 * Approves, but cannot open the screen lock: a refusal wherever user verification is wanted.
 *
 * @example
 * const handler = new VirtualAuthenticator({ store, consent: failVerification(), random })
 */
export function failVerification(): Consent {
  return { ask: () => Promise.resolve({ approved: true, userVerified: false }) }
}
