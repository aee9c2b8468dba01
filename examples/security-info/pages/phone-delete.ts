import type { PhonePasskey } from '../wire/phone.js'
import { button, element } from './element.js'
import { ask } from './server.js'
import { StepsDialog } from './steps-dialog.js'

/** Asks before a passkey is deleted from the phone: the site goes on listing it. */
export function deleteFromPhone(screen: HTMLElement, passkey: PhonePasskey, label: string): void {
  const { credentialId, rpId, userName } = passkey
  const dialog = new StepsDialog(screen)
  const remove = (): void =>
    void ask('DELETE', `/phone/passkeys/${credentialId}`).then(
      () => dialog.close(),
      (error: unknown) => dialog.showTrouble(error),
    )
  dialog.go(() =>
    dialog.show(`${label} the passkey?`, [
      element('p', {}, `This phone can no longer sign ${userName} in to ${rpId}.`),
      element(
        'p',
        { class: 'callout' },
        'The site still lists it: delete it there, too, under Security info.',
      ),
      dialog.footer(button(label, remove, { class: 'primary danger' })),
    ]),
  )
}
