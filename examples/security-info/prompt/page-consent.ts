import { randomUUID } from 'node:crypto'
import type { Consent, ConsentAnswer, ConsentRequest, WalletConsentRequest } from 'fido-hybrid/virtual'
import { Fields } from '../http/fields.js'
import type { PromptAnswer, PromptView } from '../wire/prompt.js'
import { harmless } from './harmless.js'
import { siteOf } from './site-of.js'

interface Standing {
  readonly view: PromptView
  answer(answer: ConsentAnswer): void
}

const ACCOUNTS_MAX = 1024
const GIVEN_UP: ConsentAnswer = { approved: false, how: 'timeout' }

/** Asks the user through a page: one question at a time. */
export class PageConsent implements Consent {
  readonly #show: (prompt: PromptView | undefined) => void
  #standing: Standing | undefined

  /** @param show hears of each question, and of its end. */
  constructor(show: (prompt: PromptView | undefined) => void) {
    this.#show = show
  }

  ask(request: ConsentRequest, signal: AbortSignal): Promise<ConsentAnswer> {
    return this.#ask(viewOf(request), signal)
  }

  /** Whether the card may be shown. */
  async askForCard(request: WalletConsentRequest, signal: AbortSignal): Promise<boolean> {
    const answer = await this.#ask(cardView(request), signal)
    return answer.approved && answer.userVerified
  }

  /** @returns false when that question does not stand any more. */
  answer(id: string, answer: PromptAnswer): boolean {
    if (this.#standing?.view.id !== id) return false
    if (answer.deed === 'ignore') this.#show(undefined)
    else this.#standing.answer(consentAnswer(answer))
    return true
  }

  #ask(view: PromptView, signal: AbortSignal): Promise<ConsentAnswer> {
    if (this.#standing !== undefined) return Promise.resolve({ approved: false, how: 'deny' })
    return new Promise(resolve => {
      const end = (answer: ConsentAnswer): void => {
        signal.removeEventListener('abort', giveUp)
        this.#standing = undefined
        this.#show(undefined)
        resolve(answer)
      }
      const giveUp = (): void => end(GIVEN_UP)
      signal.addEventListener('abort', giveUp)
      this.#standing = { view, answer: end }
      this.#show(view)
    })
  }
}

function consentAnswer(answer: Exclude<PromptAnswer, { deed: 'ignore' }>): ConsentAnswer {
  switch (answer.deed) {
    case 'approve':
      return { approved: true, userVerified: true, account: answer.account }
    case 'fail-verification':
      return { approved: true, userVerified: false }
    case 'refuse':
      return { approved: false, how: 'hang-up' }
  }
}

function viewOf({ operation, rpId, rpName, user, accounts, userVerification }: ConsentRequest): PromptView {
  return {
    id: randomUUID(),
    operation,
    rpId: harmless(rpId),
    rpName: harmless(rpName),
    ...(user && { user: { name: harmless(user.name), displayName: harmless(user.displayName) } }),
    accounts: accounts.map(({ userName, userDisplayName, createdAt, confirmed }) => ({
      userName: harmless(userName),
      displayName: harmless(userDisplayName),
      createdAt,
      isConfirmed: confirmed,
    })),
    userVerification,
  }
}

function cardView({ origin, asks }: WalletConsentRequest): PromptView {
  const rpId = siteOf(origin)
  const claims = asks.map(harmless)
  return {
    id: randomUUID(),
    operation: 'show-card',
    rpId,
    rpName: '',
    accounts: [],
    userVerification: true,
    claims,
  }
}

/** @throws Problem `malformed`. */
export function promptAnswerFrom(body: unknown): PromptAnswer {
  const fields = new Fields(body)
  const deed = fields.oneOf('deed', ['approve', 'refuse', 'fail-verification', 'ignore'])
  return deed === 'approve' ? { deed, account: fields.count('account', ACCOUNTS_MAX) } : { deed }
}
