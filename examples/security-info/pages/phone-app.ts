import { instructions } from './cards.js'
import { button, element } from './element.js'
import { onSubmit, textField, textOf } from './form.js'
import { ask, messageOf, Refused } from './server.js'
import { StepsDialog } from './steps-dialog.js'

/** “Add account” in the phone’s app: it signs in to the site by itself, and keeps a passkey on this phone. */
export function addAccount(screen: HTMLElement): void {
  const dialog = new StepsDialog(screen)
  dialog.go(() => signIn(dialog))
}

function signIn(dialog: StepsDialog): void {
  const next = element('button', { type: 'submit', class: 'primary' }, 'Next')
  const password = textField('Password', 'app-password')
  password.querySelector('input')?.setAttribute('type', 'password')
  const form = element('form', {}, textField('User name', 'app-user-name'), password, dialog.footer(next))
  onSubmit(form, async fields => {
    const isHere = dialog.here()
    await ask('POST', '/phone/app/session', {
      userName: textOf(fields, 'app-user-name'),
      password: fields.get('app-password'),
    })
    if (isHere()) dialog.go(() => enterCode(dialog))
  })
  dialog.show('Add account', [element('p', {}, 'Sign in to Example as at the site.'), form])
}

function enterCode(dialog: StepsDialog): void {
  const next = element('button', { type: 'submit', class: 'primary' }, 'Confirm')
  const field = textField('Code', 'app-code', '', 'The site has sent it to this phone.')
  field.querySelector('input')?.setAttribute('inputmode', 'numeric')
  const form = element('form', {}, field, dialog.footer(next))
  onSubmit(form, fields => {
    const code = textOf(fields, 'app-code')
    dialog.replace(() => void addPasskey(dialog, code))
    return Promise.resolve()
  })
  dialog.show('Enter the code', [form])
}

/** As long as this request is open the app asks; when the app is closed, the phone asks no longer. */
async function addPasskey(dialog: StepsDialog, code: string): Promise<void> {
  const isHere = dialog.here()
  const closed = new AbortController()
  dialog.show(
    'Adding the account',
    [element('p', { role: 'status' }, 'The phone asks you in a moment.'), dialog.footer()],
    () => closed.abort(),
  )
  try {
    await ask('POST', '/phone/app/passkey', { code }, closed.signal)
    if (isHere()) dialog.finish(() => showAdded(dialog))
  } catch (error) {
    if (isHere()) explain(dialog, error)
  }
}

function showAdded(dialog: StepsDialog): void {
  dialog.show('Account added', [
    element('p', {}, 'The passkey is on this phone, and the site knows it.'),
    dialog.footer(undefined, 'Done'),
  ])
}

function explain(dialog: StepsDialog, error: unknown): void {
  const again = button('Try again', () => dialog.finish(() => signIn(dialog)), { class: 'primary' })
  if (error instanceof Refused && error.view.code === 'exists-already')
    dialog.show('There is a passkey already', [
      element('p', {}, 'This phone has a passkey for your account.'),
      instructions(
        'Delete it in the list of passkeys on this phone.',
        'Try again.',
        'Delete it in the site’s list, too.',
      ),
      dialog.footer(undefined, 'Close'),
    ])
  else dialog.show('That did not work', [element('p', {}, messageOf(error)), dialog.footer(again, 'Close')])
}
