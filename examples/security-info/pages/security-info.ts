import type { AccountView } from '../wire/site.js'
import { addMethod } from './add-method.js'
import { deletePasskey, renamePasskey } from './edit-passkey.js'
import { find } from './element.js'
import { clearNotice } from './notice.js'
import { methodItems } from './passkey-list.js'
import { bindSignOut, loadAccount } from './site-header.js'

const heading = find('#methods-heading', HTMLElement)
const list = find('#methods', HTMLElement)

function show(account: AccountView): void {
  clearNotice()
  const items = methodItems(account, {
    rename: passkey => renamePasskey(passkey, reload),
    delete: passkey => deletePasskey(passkey, reload),
  })
  list.replaceChildren(...items)
}

/** The buttons that had the focus are made anew: it goes to the heading of the list. */
async function reload(): Promise<void> {
  const isAway = list.contains(document.activeElement)
  show(await loadAccount())
  if (isAway) heading.focus()
}

find('#add-method', HTMLButtonElement).addEventListener('click', () => addMethod(reload))
bindSignOut()
show(await loadAccount())
document.body.dataset['state'] = 'ready'
