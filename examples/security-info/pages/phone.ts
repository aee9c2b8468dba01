import type { PhoneState } from '../wire/phone.js'
import { button, element, find } from './element.js'
import { phonePasskeyItems } from './phone-list.js'
import { bindScanner } from './phone-scanner.js'
import { PhoneSheet } from './phone-sheet.js'
import { isGood, outcomeSentence, PHONE_NAMES, phoneSentence } from './phone-words.js'
import { ask, follow, messageOf } from './server.js'

const list = find('#passkeys', HTMLElement)
const status = find('#phone-status', HTMLElement)
const trouble = find('#phone-trouble', HTMLElement)
const heading = find('#passkeys-heading', HTMLElement)
const cancel = button('Cancel', () => act(ask('DELETE', '/phone/scan')), { class: 'quiet' })

/** Shows what goes wrong with what a hand does. */
function act(deed: Promise<unknown>): void {
  trouble.replaceChildren()
  void deed.catch(fail)
}

function fail(error: unknown): void {
  trouble.textContent = messageOf(error)
}

const sheet = new PhoneSheet(
  find('#sheet', HTMLDialogElement),
  find('#phone-content', HTMLElement),
  (promptId, answer) => act(ask('POST', `/phone/prompts/${promptId}`, answer)),
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

function showPasskeys({ passkeys }: PhoneState): void {
  const hadFocus = list.contains(document.activeElement)
  const items = phonePasskeyItems(passkeys, {
    accept: ({ credentialId }) => act(ask('POST', `/phone/passkeys/${credentialId}/acceptance`)),
    delete: ({ credentialId }) => act(ask('DELETE', `/phone/passkeys/${credentialId}`)),
  })
  list.replaceChildren(...items)
  if (hadFocus) heading.focus()
}

let shown = ''

follow('/phone/state', news => {
  const state = news as PhoneState
  find('#profile', HTMLSelectElement).value = state.profile
  find('#loses', HTMLInputElement).checked = state.losesConnection
  find('#phone-name', HTMLElement).textContent = PHONE_NAMES[state.profile]
  find('#scan-screen', HTMLButtonElement).setAttribute('aria-disabled', String(state.step !== undefined))
  showStatus(state)
  const passkeys = JSON.stringify(state.passkeys)
  if (passkeys !== shown) showPasskeys(state)
  shown = passkeys
  if (sheet.update(state.prompt)) heading.focus()
  document.body.dataset['state'] = 'ready'
})

const profiles = Object.entries(PHONE_NAMES).map(([value, name]) => element('option', { value }, name))
find('#profile', HTMLSelectElement).append(...profiles)
find('#profile', HTMLSelectElement).addEventListener('change', ({ currentTarget }) => {
  if (currentTarget instanceof HTMLSelectElement)
    act(ask('PUT', '/phone/profile', { profile: currentTarget.value }))
})
find('#loses', HTMLInputElement).addEventListener('change', ({ currentTarget }) => {
  if (currentTarget instanceof HTMLInputElement)
    act(ask('PUT', '/phone/connection', { loses: currentTarget.checked }))
})
bindScanner(async text => {
  trouble.replaceChildren()
  await ask('POST', '/phone/scan', { text })
}, fail)
