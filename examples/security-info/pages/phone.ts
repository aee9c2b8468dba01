import { PHONE_NAMES } from '../wire/phone-names.js'
import type { PhoneState } from '../wire/phone.js'
import { button, element, find } from './element.js'
import { addAccount } from './phone-app.js'
import { deleteFromPhone } from './phone-delete.js'
import { cardItem, laptopItems, phonePasskeyItems } from './phone-list.js'
import { bindScanner } from './phone-scanner.js'
import { PhoneSheet } from './phone-sheet.js'
import { isGood, outcomeSentence, phoneSentence } from './phone-words.js'
import { ask, follow, messageOf } from './server.js'

const screen = find('#screen', HTMLElement)
const status = find('#phone-status', HTMLElement)
const trouble = find('#phone-trouble', HTMLElement)
const heading = find('#passkeys-heading', HTMLElement)
const message = find('#message', HTMLElement)
const remember = find('#remember', HTMLInputElement)
const cancel = button('Cancel', () => act(ask('DELETE', '/phone/scan')), { class: 'quiet' })

/** Shows what goes wrong with what a hand does. */
function act(deed: Promise<unknown>): void {
  trouble.replaceChildren()
  void deed.catch(fail)
}

function fail(error: unknown): void {
  trouble.textContent = messageOf(error)
}

const sheet = new PhoneSheet(find('#sheet', HTMLDialogElement), (promptId, answer) =>
  act(ask('POST', `/phone/prompts/${promptId}`, answer)),
)

function showStatus({ step, outcome, prompt }: PhoneState): void {
  const words = find('#phone-words', HTMLElement)
  const text =
    step !== undefined ? phoneSentence(step) : outcome ? outcomeSentence(outcome) : 'Ready to scan.'
  if (words.textContent !== text) words.textContent = text
  status.classList.toggle('done', step === undefined && outcome !== undefined && isGood(outcome))
  status.classList.toggle('trouble', step === undefined && outcome !== undefined && !isGood(outcome))
  if (step !== undefined && prompt === undefined) status.append(cancel)
  else cancel.remove()
}

function showMessage(text: string | undefined): void {
  if (text === undefined) {
    message.replaceChildren()
    return
  }
  const away = button('Put away', () => act(ask('DELETE', '/phone/message')), {
    class: 'quiet',
    'aria-label': 'Put away the message',
  })
  message.replaceChildren(element('p', {}, text), away)
}

/** Buttons that had the focus are made anew: it goes to the heading of their list. */
function refill(list: HTMLElement, listHeading: HTMLElement, items: readonly HTMLElement[]): void {
  const hadFocus = list.contains(document.activeElement)
  list.replaceChildren(...items)
  if (hadFocus) listHeading.focus()
}

function showPasskeys({ passkeys }: PhoneState): void {
  const items = phonePasskeyItems(passkeys, {
    accept: ({ credentialId }) => act(ask('POST', `/phone/passkeys/${credentialId}/acceptance`)),
    delete: (passkey, label) => deleteFromPhone(screen, passkey, label),
  })
  refill(find('#passkeys', HTMLElement), heading, items)
}

function showLaptops({ laptops }: PhoneState): void {
  const items = laptopItems(laptops, id => act(ask('DELETE', `/phone/laptops/${id}`)))
  refill(find('#laptops', HTMLElement), find('#laptops-heading', HTMLElement), items)
}

/** Calls `show` where this part of the state is another than before. */
function onChange(part: (state: PhoneState) => unknown, show: (state: PhoneState) => void) {
  let shown: string | undefined
  return (state: PhoneState): void => {
    const news = JSON.stringify(part(state) ?? '')
    if (news === shown) return
    shown = news
    show(state)
  }
}

const parts = [
  onChange(
    state => state.card,
    state => find('#wallet', HTMLElement).replaceChildren(cardItem(state.card)),
  ),
  onChange(
    state => state.passkeys,
    state => showPasskeys(state),
  ),
  onChange(
    state => state.laptops,
    state => showLaptops(state),
  ),
  onChange(
    state => state.message,
    state => showMessage(state.message),
  ),
]

follow('/phone/state', news => {
  const state = news as PhoneState
  find('#profile', HTMLSelectElement).value = state.profile
  find('#loses', HTMLInputElement).checked = state.losesConnection
  find('#provider', HTMLInputElement).checked = state.isProvider
  find('#remember-choice', HTMLElement).hidden = !state.canBeRemembered
  find('#reachable', HTMLElement).hidden = !state.isReachable
  find('#phone-name', HTMLElement).textContent = PHONE_NAMES[state.profile]
  find('#scan-screen', HTMLButtonElement).setAttribute('aria-disabled', String(state.step !== undefined))
  showStatus(state)
  for (const show of parts) show(state)
  if (sheet.update(state.prompt)) heading.focus()
  document.body.dataset['state'] = 'ready'
})

const profiles = Object.entries(PHONE_NAMES).map(([value, name]) => element('option', { value }, name))
find('#profile', HTMLSelectElement).append(...profiles)
find('#profile', HTMLSelectElement).addEventListener('change', ({ currentTarget }) => {
  if (currentTarget instanceof HTMLSelectElement)
    act(ask('PUT', '/phone/profile', { profile: currentTarget.value }))
})

/** Tells the server where a box stands. */
function bindBox(selector: string, path: string, name: string): void {
  const box = find(selector, HTMLInputElement)
  box.addEventListener('change', () => act(ask('PUT', path, { [name]: box.checked })))
}

bindBox('#loses', '/phone/connection', 'loses')
bindBox('#provider', '/phone/provider', 'isOn')
find('#add-account', HTMLButtonElement).addEventListener('click', () => addAccount(screen))
bindScanner(async text => {
  trouble.replaceChildren()
  await ask('POST', '/phone/scan', { text, remember: remember.checked })
}, fail)
