import type { PhonePasskey } from '../wire/phone.js'
import { button, element } from './element.js'
import { icon } from './icons.js'
import { moment } from './words.js'

/** What can be done with a passkey on the phone. */
export interface PhonePasskeyDeeds {
  accept(passkey: PhonePasskey): void
  delete(passkey: PhonePasskey): void
}

/** The passkeys of the phone. */
export function phonePasskeyItems(
  passkeys: readonly PhonePasskey[],
  deeds: PhonePasskeyDeeds,
): readonly HTMLElement[] {
  if (passkeys.length === 0) return [element('li', { class: 'empty' }, 'No passkeys yet.')]
  return passkeys.map(passkey => passkeyItem(passkey, deeds))
}

function passkeyItem(passkey: PhonePasskey, deeds: PhonePasskeyDeeds): HTMLElement {
  const { credentialId, rpId, rpName, userName, createdAt, isConfirmed, isSynced } = passkey
  const item = element(
    'li',
    { class: isConfirmed ? 'passkey' : 'passkey unconfirmed' },
    icon('passkey'),
    element(
      'div',
      { class: 'passkey-words' },
      element('h3', {}, rpName === '' ? rpId : rpName),
      element('p', {}, userName),
      element('p', { class: 'hint' }, `${rpId}, ${moment(createdAt)}${isSynced ? ', synced' : ''}`),
      isConfirmed ? undefined : element('p', { class: 'mark' }, 'Unconfirmed: the site may not know it'),
    ),
    element('div', { class: 'passkey-buttons' }, ...buttonsOf(passkey, deeds)),
  )
  item.dataset['id'] = credentialId
  return item
}

function buttonsOf(passkey: PhonePasskey, deeds: PhonePasskeyDeeds): readonly HTMLElement[] {
  const of = `the passkey of ${passkey.userName} at ${passkey.rpId}`
  const remove = (label: string): HTMLElement =>
    button(label, () => deeds.delete(passkey), { class: 'quiet danger', 'aria-label': `${label} ${of}` })
  if (passkey.isConfirmed) return [remove('Delete')]
  const accept = button('Accept', () => deeds.accept(passkey), {
    class: 'quiet',
    'aria-label': `Accept ${of}`,
  })
  return [accept, remove('Discard')]
}
