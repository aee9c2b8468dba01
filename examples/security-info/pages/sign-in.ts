import type { PublicKeyCredentialRequestOptionsJSON } from 'fido-hybrid'
import { CeremonySteps } from './ceremony-steps.js'
import { button, element, find } from './element.js'
import { onSubmit, textOf } from './form.js'
import { ask, Refused } from './server.js'
import { actions, StepsDialog } from './steps-dialog.js'

const enter = (): void => location.assign('/security-info')

onSubmit(find('#password-form', HTMLFormElement), async fields => {
  await ask('POST', '/api/session', {
    userName: textOf(fields, 'userName'),
    password: fields.get('password'),
  })
  enter()
})

onSubmit(find('#account-form', HTMLFormElement), async fields => {
  await ask('POST', '/api/account', {
    userName: textOf(fields, 'userName'),
    displayName: textOf(fields, 'displayName'),
    password: fields.get('password'),
  })
  enter()
})

find('#use-passkey', HTMLButtonElement).addEventListener('click', () => {
  const dialog = new StepsDialog()
  const steps = new CeremonySteps(dialog, {
    kind: 'get',
    options: () => ask<PublicKeyCredentialRequestOptionsJSON>('POST', '/api/session/options'),
    done: async response => {
      try {
        await ask('POST', '/api/session/passkey', response)
        enter()
      } catch (error) {
        if (!(error instanceof Refused) || error.view.code !== 'passkey-unknown') throw error
        explainUnknown(dialog, error)
      }
    },
  })
  steps.chooseDevice()
})

/** The device has a passkey that the site does not know: an orphan, or one that was deleted here. */
function explainUnknown(dialog: StepsDialog, { view }: Refused): void {
  const { rpId, credentialId } = view
  const remove = async (): Promise<void> => {
    await ask('POST', '/laptop/signals/unknown-credential', { rpId, credentialId })
    dialog.show('The passkey is gone', [
      element(
        'p',
        {},
        'Your device does not offer it any more. Sign in with your password, and add a new one.',
      ),
      actions(dialog.cancelButton('Close')),
    ])
  }
  dialog.show('This site does not know that passkey', [
    element('p', {}, 'It was deleted here, or it was never registered. Your device does not know that yet.'),
    actions(
      dialog.cancelButton('Leave it there'),
      button(
        'Remove it from my devices',
        () => void remove().catch((error: unknown) => dialog.showTrouble(error)),
        { class: 'primary' },
      ),
    ),
  ])
}
