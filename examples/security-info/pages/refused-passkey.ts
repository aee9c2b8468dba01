import { element } from './element.js'
import { ask, messageOf, Refused } from './server.js'
import type { StepsDialog } from './steps-dialog.js'

/**
 * The site did not take a new passkey, which the device has saved: the site tells the device that it does not know it
 * (WebAuthn L3 section 5.1.10.1), and nothing is left of the try.
 */
export async function afterRefusal(dialog: StepsDialog, error: unknown): Promise<void> {
  if (!(error instanceof Refused) || error.view.credentialId === undefined) {
    explainDoubt(dialog, error)
    return
  }
  const { rpId, credentialId, authenticator, message } = error.view
  const isTold = await ask('POST', '/laptop/signals/unknown-credential', { rpId, credentialId }).then(
    () => true,
    () => false,
  )
  const keeper = authenticator === undefined ? '' : ` Yours is kept by ${authenticator}.`
  dialog.show('The passkey was not added', [
    element('p', {}, message + keeper),
    element('p', { class: isTold ? '' : 'callout' }, isTold ? REMOVED : LEFT_BEHIND),
    dialog.footer(undefined, 'Close'),
  ])
}

const REMOVED = 'Your device has removed it again: nothing is left of this try, neither here nor there.'
const LEFT_BEHIND =
  'Your device could not be told. Open the list of passkeys on the device and delete the new one there.'

/** The site may have it, and may not. */
function explainDoubt(dialog: StepsDialog, error: unknown): void {
  dialog.show('That did not work', [
    element('p', {}, messageOf(error)),
    element(
      'p',
      { class: 'callout' },
      'Your device marks the new passkey as unconfirmed. If the list here does not show it, discard it on the device.',
    ),
    dialog.footer(undefined, 'Close'),
  ])
}
