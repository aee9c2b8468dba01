import type { PublicKeyCredentialRequestOptionsJSON } from 'fido-hybrid'
import { choosePasskeyDevice } from './browser-window.js'
import type { Ceremony } from './ceremony.js'
import { button, element, find } from './element.js'
import { onSubmit, textOf } from './form.js'
import { tellOtherTabs } from './other-tabs.js'
import { ask, Refused } from './server.js'
import { StepsDialog } from './steps-dialog.js'
import { tellUnfinished } from './unfinished.js'

function enter(): void {
  tellOtherTabs()
  location.assign('/security-info')
}

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
  const ceremony: Ceremony = {
    dialog,
    kind: 'get',
    options: () => ask<PublicKeyCredentialRequestOptionsJSON>('POST', '/api/session/options'),
    hand: async response => {
      await ask('POST', '/api/session/passkey', response)
      return enter
    },
    refused: error => {
      if (error instanceof Refused && error.view.code === 'passkey-unknown') explainUnknown(dialog, error)
      else dialog.showTrouble(error)
      return Promise.resolve()
    },
  }
  dialog.go(() => void choosePasskeyDevice(ceremony))
})

/** The device has a passkey that the site does not know, such as one that was deleted here. */
function explainUnknown(dialog: StepsDialog, { view }: Refused): void {
  const { rpId, credentialId } = view
  const remove = async (): Promise<void> => {
    await ask('POST', '/laptop/signals/unknown-credential', { rpId, credentialId })
    dialog.finish(() => showRemoved(dialog))
  }
  const removal = button(
    'Remove it from my devices',
    () => void remove().catch((error: unknown) => dialog.showTrouble(error)),
    { class: 'primary' },
  )
  dialog.show('This site does not know that passkey', [
    element('p', {}, 'It was deleted here, or it was never registered. Your device does not know that yet.'),
    dialog.footer(removal, 'Leave it there'),
  ])
}

function showRemoved(dialog: StepsDialog): void {
  dialog.show('The passkey is gone', [
    element(
      'p',
      {},
      'Your device does not offer it any more. Sign in with your password, and add a new one.',
    ),
    dialog.footer(undefined, 'Close'),
  ])
}

tellUnfinished()
