import type { PromptAccount, PromptAnswer, PromptView } from '../wire/prompt.js'
import { button, element } from './element.js'
import type { Content } from './element.js'
import { addFact } from './facts.js'
import { actions } from './steps-dialog.js'
import { claimWords, moment } from './words.js'

/** What the user is asked, in the device’s words. */
export interface PromptCard {
  readonly heading: string
  readonly content: readonly HTMLElement[]
}

const HEADINGS: Readonly<Record<PromptView['operation'], (rpId: string) => string>> = {
  register: rpId => `Create a passkey for ${rpId}?`,
  'sign-in': rpId => `Sign in to ${rpId}?`,
  'already-registered': rpId => `There is a passkey for ${rpId} here already`,
  select: () => 'Use this device?',
  'show-card': rpId => `Show your student card to ${rpId}?`,
}

const APPROVALS: Readonly<Record<PromptView['operation'], string>> = {
  register: 'Create passkey',
  'sign-in': 'Sign in',
  'already-registered': 'Tell the site',
  select: 'Use it',
  'show-card': 'Show it',
}

/** A question of an authenticator. @param decide is called once. @param back is a button for a way back. */
export function promptCard(
  prompt: PromptView,
  decide: (answer: PromptAnswer) => void,
  back?: Content,
): PromptCard {
  const { operation, rpId, rpName, user, accounts, claims } = prompt
  const choice = accountChoice(operation === 'sign-in' ? accounts : [])
  const approve = (): void => decide({ deed: 'approve', account: choice.chosen() })
  const facts = element('dl', { class: 'facts' })
  if (rpId !== '') addFact(facts, 'Site', rpName === '' || rpName === rpId ? rpId : `${rpName} (${rpId})`)
  if (user) addFact(facts, 'Account', accountText(user.name, user.displayName))
  if (claims) addFact(facts, 'It learns', claims.map(claimWords).join(', '))
  return {
    heading: HEADINGS[operation](rpId),
    content: [
      facts,
      ...choice.fields,
      ...(operation === 'sign-in' ? [] : accounts.flatMap(account => leftover(account, operation))),
      actions(
        back,
        button('Refuse', () => decide({ deed: 'refuse' }), { class: 'quiet' }),
        button(APPROVALS[operation], approve, { class: 'primary' }),
      ),
    ],
  }
}

/** What an earlier try left behind. */
function leftover(
  { createdAt, isConfirmed }: PromptAccount,
  operation: PromptView['operation'],
): readonly HTMLElement[] {
  if (operation === 'register') {
    const what = isConfirmed
      ? `the passkey of ${moment(createdAt)}, which works today, once the new one is confirmed`
      : `an unconfirmed passkey of ${moment(createdAt)}`
    return [element('p', { class: 'hint' }, `This replaces ${what}.`)]
  }
  if (isConfirmed) return []
  return [element('p', { class: 'hint' }, 'It was never confirmed: delete it or accept it, and try again.')]
}

interface AccountChoice {
  readonly fields: readonly HTMLElement[]
  /** Index of the account. */
  chosen(): number
}

function accountChoice(accounts: readonly PromptAccount[]): AccountChoice {
  const radios = accounts.map((_, index) =>
    element('input', { type: 'radio', name: 'account', value: String(index), checked: index === 0 }),
  )
  const labels = accounts.map((account, index) =>
    element('label', { class: 'choice' }, radios[index], element('span', {}, choiceText(account))),
  )
  const legend = element('legend', {}, accounts.length > 1 ? 'Choose the account' : 'Account')
  return {
    fields: accounts.length === 0 ? [] : [element('fieldset', {}, legend, ...labels)],
    chosen: () =>
      Math.max(
        0,
        radios.findIndex(({ checked }) => checked),
      ),
  }
}

function choiceText({ userName, displayName, isConfirmed }: PromptAccount): string {
  return `${accountText(userName, displayName)}${isConfirmed ? '' : ' (never confirmed)'}`
}

function accountText(name: string, displayName: string): string {
  return displayName === '' || displayName === name ? name : `${displayName}, ${name}`
}
