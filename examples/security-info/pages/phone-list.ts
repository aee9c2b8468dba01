import type { LinkedLaptop, PhonePasskey } from '../wire/phone.js'
import type { PhoneCard } from '../wire/student-card.js'
import { button, element } from './element.js'
import { icon } from './icons.js'
import { moment } from './words.js'

/** What can be done with a passkey on the phone. */
export interface PhonePasskeyDeeds {
  accept(passkey: PhonePasskey): void
  /** @param label what its button says. */
  delete(passkey: PhonePasskey, label: string): void
}

/** The passkeys of the phone. */
export function phonePasskeyItems(
  passkeys: readonly PhonePasskey[],
  deeds: PhonePasskeyDeeds,
): readonly HTMLElement[] {
  if (passkeys.length === 0) return [element('li', { class: 'empty' }, 'No passkeys yet.')]
  return passkeys.map(passkey => passkeyItem(passkey, deeds))
}

/** The card in its wallet. */
export function cardItem({ name, holder, issuer }: PhoneCard): HTMLElement {
  return element(
    'li',
    { class: 'passkey' },
    icon('card'),
    element(
      'div',
      { class: 'passkey-words' },
      element('h4', {}, name),
      element('p', {}, holder),
      element('p', { class: 'hint' }, `Issued by ${issuer}`),
    ),
  )
}

/** The laptops that remember the phone. @param forget is called for one of them. */
export function laptopItems(
  laptops: readonly LinkedLaptop[],
  forget: (id: string) => void,
): readonly HTMLElement[] {
  if (laptops.length === 0) return [element('li', { class: 'hint' }, 'None.')]
  return laptops.map(({ id, linkedAt }) => {
    const since = `Since ${moment(linkedAt)}`
    const label = `Forget the laptop of ${moment(linkedAt)}`
    return element(
      'li',
      {},
      element('span', {}, since),
      button('Forget', () => forget(id), { class: 'quiet danger', 'aria-label': label }),
    )
  })
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
      element('h4', {}, rpName === '' ? rpId : rpName),
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
    button(label, () => deeds.delete(passkey, label), {
      class: 'quiet danger',
      'aria-label': `${label} ${of}`,
    })
  if (passkey.isConfirmed) return [remove('Delete')]
  const accept = button('Accept', () => deeds.accept(passkey), {
    class: 'quiet',
    'aria-label': `Accept ${of}`,
  })
  return [accept, remove('Discard')]
}
