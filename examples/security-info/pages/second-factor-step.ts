import type { SessionView } from '../wire/site.js'
import { button, element } from './element.js'
import { onSubmit, textField, textOf } from './form.js'
import { ask } from './server.js'
import type { Step, StepsDialog } from './steps-dialog.js'

/** A new way to sign in is worth as much as the proof that came before it: a code on the phone beside the password. */
export async function proveFirst(dialog: StepsDialog, next: Step): Promise<void> {
  const isHere = dialog.here()
  dialog.wait('Looking at your sign-in')
  try {
    const { isProven } = await ask<SessionView>('GET', '/api/session')
    if (!isHere()) return
    if (isProven) dialog.replace(next)
    else offerCode(dialog, next)
  } catch (error) {
    if (isHere()) dialog.showTrouble(error)
  }
}

function offerCode(dialog: StepsDialog, next: Step): void {
  const send = button('Send the code', () => void sendCode(dialog, next), { class: 'primary' })
  dialog.show('Show that it is you', [
    element(
      'p',
      {},
      'A password can be guessed or stolen. Before you add a sign-in method, the site sends a code to your phone.',
    ),
    element('p', { class: 'hint' }, 'A sign-in with a passkey within the last ten minutes counts as well.'),
    dialog.footer(send),
  ])
}

async function sendCode(dialog: StepsDialog, next: Step): Promise<void> {
  const isHere = dialog.here()
  try {
    await ask('POST', '/api/session/code')
    if (isHere()) dialog.replace(() => askForCode(dialog, next))
  } catch (error) {
    if (isHere()) dialog.showTrouble(error)
  }
}

function askForCode(dialog: StepsDialog, next: Step): void {
  const confirm = element('button', { type: 'submit', class: 'primary' }, 'Confirm')
  const another = button('Send a new code', () => void sendCode(dialog, next), { class: 'quiet' })
  const hint = 'It is on the phone’s screen, in a text message.'
  const field = textField('Code', 'code', '', hint)
  field.querySelector('input')?.setAttribute('inputmode', 'numeric')
  const form = element('form', {}, field, another, dialog.footer(confirm))
  onSubmit(form, async fields => {
    const isHere = dialog.here()
    await ask('PUT', '/api/session/code', { code: textOf(fields, 'code') })
    if (isHere()) dialog.replace(next)
  })
  dialog.show('Enter the code', [form])
}
