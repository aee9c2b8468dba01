import type { PublicKeyCredentialCreationOptionsJSON } from 'fido-hybrid'
import type { PasskeyView } from '../wire/site.js'
import { cards } from './cards.js'
import type { Ceremony } from './ceremony.js'
import { element } from './element.js'
import { onSubmit, textField, textOf } from './form.js'
import { choosePlace } from './place-steps.js'
import { afterRefusal } from './refused-passkey.js'
import { proveFirst } from './second-factor-step.js'
import { ask } from './server.js'
import { StepsDialog } from './steps-dialog.js'

/** Leads from “Add sign-in method” to a named passkey. @param onChange is called when there is a new one. */
export function addMethod(onChange: () => Promise<void>): void {
  const dialog = new StepsDialog()
  const ceremony: Ceremony = {
    dialog,
    kind: 'create',
    options: () => ask<PublicKeyCredentialCreationOptionsJSON>('POST', '/api/passkeys/options'),
    hand: async response => {
      const passkey = await ask<PasskeyView>('POST', '/api/passkeys', response)
      return () => void onChange().finally(() => askForName(dialog, passkey, onChange))
    },
    refused: error => afterRefusal(dialog, error),
  }
  dialog.go(() => chooseMethod(dialog, ceremony))
}

function chooseMethod(dialog: StepsDialog, ceremony: Ceremony): void {
  const explanation =
    'Sign in with your fingerprint, your face or a PIN. Nothing to remember, nothing to steal.'
  const choose = (): void => dialog.go(() => void proveFirst(dialog, () => choosePlace(ceremony)))
  dialog.show('Add a sign-in method', [
    cards([{ drawing: 'passkey', name: 'Passkey', explanation, choose }]),
    dialog.footer(),
  ])
}

function askForName(dialog: StepsDialog, { id, name }: PasskeyView, onChange: () => Promise<void>): void {
  const save = element('button', { type: 'submit', class: 'primary' }, 'Save')
  const hint = 'So that you know it again in the list.'
  const form = element(
    'form',
    {},
    textField('Name', 'name', name, hint),
    dialog.footer(save, 'Keep this name'),
  )
  onSubmit(form, async fields => {
    await ask('PATCH', `/api/passkeys/${id}`, { name: textOf(fields, 'name') })
    await onChange()
    dialog.close()
  })
  dialog.show('Your passkey is ready', [element('p', {}, 'Give it a name.'), form])
}
