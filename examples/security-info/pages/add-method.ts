import type { PublicKeyCredentialCreationOptionsJSON, RegistrationResponseJSON } from 'fido-hybrid'
import type { PasskeyView, ProblemView } from '../wire/site.js'
import { CeremonySteps } from './ceremony-steps.js'
import { button, element } from './element.js'
import { onSubmit, textField, textOf } from './form.js'
import { icon } from './icons.js'
import { ask, Refused } from './server.js'
import { actions, StepsDialog } from './steps-dialog.js'

/** The codes of registrations that fail after the device has saved its passkey. */
const TOO_LATE: readonly string[] = ['authenticator-not-allowed', 'passkey-taken']

/** Leads from “Add sign-in method” to a named passkey. @param onChange is called when there is a new one. */
export function addMethod(onChange: () => Promise<void>): void {
  const dialog = new StepsDialog()
  const steps = new CeremonySteps(dialog, {
    kind: 'create',
    options: () => ask<PublicKeyCredentialCreationOptionsJSON>('POST', '/api/passkeys/options'),
    done: response => register(dialog, response, onChange),
  })
  const passkey = button('', () => steps.chooseDevice(), { class: 'card' })
  const words = 'Sign in with your fingerprint, your face or a PIN. Nothing to remember, nothing to steal.'
  passkey.append(
    icon('passkey'),
    element('span', {}, element('strong', {}, 'Passkey'), element('span', { class: 'hint' }, words)),
  )
  dialog.show('Add a sign-in method', [
    element('ul', { class: 'cards' }, element('li', {}, passkey)),
    actions(dialog.cancelButton()),
  ])
}

async function register(
  dialog: StepsDialog,
  response: RegistrationResponseJSON,
  onChange: () => Promise<void>,
): Promise<void> {
  try {
    const passkey = await ask<PasskeyView>('POST', '/api/passkeys', response)
    await onChange()
    askForName(dialog, passkey, onChange)
  } catch (error) {
    if (!(error instanceof Refused) || !TOO_LATE.includes(error.view.code)) throw error
    explainOrphan(dialog, error.view)
  }
}

function askForName(dialog: StepsDialog, { id, name }: PasskeyView, onChange: () => Promise<void>): void {
  const save = element('button', { type: 'submit', class: 'primary' }, 'Save')
  const hint = 'So that you know it again in the list.'
  const form = element('form', {}, textField('Name', 'name', name, hint), actions(save))
  onSubmit(form, async fields => {
    await ask('PATCH', `/api/passkeys/${id}`, { name: textOf(fields, 'name') })
    await onChange()
    dialog.close()
  })
  dialog.show('Your passkey is ready', [element('p', {}, 'Give it a name.'), form])
}

/** The device has saved a passkey that the site will never know. */
function explainOrphan(
  dialog: StepsDialog,
  { message, rpId, credentialId, authenticator }: ProblemView,
): void {
  const signal = async (): Promise<void> => {
    await ask('POST', '/laptop/signals/unknown-credential', { rpId, credentialId })
    dialog.show('Your device has removed it', [
      element('p', {}, 'Nothing is left of this try, neither here nor on the device.'),
      actions(dialog.cancelButton('Close')),
    ])
  }
  dialog.show('The passkey was not registered', [
    element('p', {}, `${message} Yours is kept by ${authenticator ?? 'an unknown device'}.`),
    element(
      'p',
      { class: 'callout' },
      'Your device has saved the passkey before we could say no. It lists it, but this site does not know it, and it cannot sign you in.',
    ),
    element('h3', {}, 'How to clean up'),
    element(
      'ul',
      { class: 'checklist' },
      element(
        'li',
        {},
        'Let this site tell your device that the passkey is unknown here. The device then removes it.',
      ),
      element('li', {}, 'Or open the list of passkeys on the device and delete it there.'),
    ),
    actions(
      dialog.cancelButton('I’ll delete it myself'),
      button('Tell my device', () => void signal().catch((error: unknown) => dialog.showTrouble(error)), {
        class: 'primary',
      }),
    ),
  ])
}
