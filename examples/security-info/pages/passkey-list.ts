import type { AccountView, PasskeyView } from '../wire/site.js'
import { button, element } from './element.js'
import type { Content } from './element.js'
import { icon } from './icons.js'
import { moment } from './words.js'

/** What can be done with a passkey of the list. */
export interface PasskeyDeeds {
  rename(passkey: PasskeyView): void
  delete(passkey: PasskeyView): void
}

const SYNC: Readonly<Record<PasskeyView['sync'], string>> = {
  synced: 'Synced to your other devices',
  syncable: 'Can be synced, and is not yet',
  'device-bound': 'On this one device only',
}

/** All ways to sign in to an account. */
export function methodItems(account: AccountView, deeds: PasskeyDeeds): readonly HTMLElement[] {
  const password = methodItem(icon('password'), 'Password', [`Set ${moment(account.passwordSetAt)}`], [])
  return [password, ...account.passkeys.map(passkey => passkeyItem(passkey, deeds))]
}

function passkeyItem(passkey: PasskeyView, deeds: PasskeyDeeds): HTMLElement {
  const { id, name, authenticator, sync, createdAt, lastUsedAt } = passkey
  const lastUse = lastUsedAt === undefined ? 'Never used' : `Last used ${moment(lastUsedAt)}`
  const of = `the passkey ${name}`
  const item = methodItem(
    icon('passkey'),
    name,
    [`Passkey, kept by ${authenticator}`, SYNC[sync], `Created ${moment(createdAt)}`, lastUse],
    [
      button('Rename', () => deeds.rename(passkey), { class: 'quiet', 'aria-label': `Rename ${of}` }),
      button('Delete', () => deeds.delete(passkey), { class: 'quiet danger', 'aria-label': `Delete ${of}` }),
    ],
  )
  item.dataset['id'] = id
  return item
}

function methodItem(
  drawing: Node,
  name: string,
  facts: readonly string[],
  buttons: readonly Content[],
): HTMLElement {
  return element(
    'li',
    { class: 'method' },
    drawing,
    element(
      'div',
      { class: 'method-words' },
      element('h3', {}, name),
      element('ul', { class: 'method-facts' }, ...facts.map(fact => element('li', {}, fact))),
    ),
    buttons.length === 0 ? undefined : element('div', { class: 'method-buttons' }, ...buttons),
  )
}
