import type { AccountView } from '../wire/site.js'
import { addMethod } from './add-method.js'
import { deletePasskey, renamePasskey } from './edit-passkey.js'
import { find } from './element.js'
import { clearNotice, notify } from './notice.js'
import { onOtherTab, tellOtherTabs } from './other-tabs.js'
import { methodItems } from './passkey-list.js'
import { messageOf } from './server.js'
import { bindSignOut, loadAccount } from './site-header.js'
import { showStudentCard } from './student-card.js'
import { THIS_DEVICE } from './this-device.js'
import { tellUnfinished } from './unfinished.js'

const heading = find('#methods-heading', HTMLElement)
const list = find('#methods', HTMLElement)
let shown = ''

function show(account: AccountView): void {
  const news = JSON.stringify(account)
  if (news === shown) return
  shown = news
  const items = methodItems(account, {
    rename: passkey => begin(() => renamePasskey(passkey, changed)),
    delete: passkey => begin(() => deletePasskey(passkey, changed)),
  })
  list.replaceChildren(...items)
}

function begin(deed: () => void): void {
  clearNotice()
  deed()
}

/** The buttons that had the focus are made anew: it goes to the heading of the list. */
async function reload(): Promise<void> {
  const isAway = list.contains(document.activeElement)
  show(await loadAccount())
  if (isAway && !list.contains(document.activeElement)) heading.focus()
}

async function changed(): Promise<void> {
  tellOtherTabs()
  await reload()
}

find('#add-method', HTMLButtonElement).addEventListener('click', () => begin(() => addMethod(changed)))
find('#show-card', HTMLButtonElement).addEventListener('click', () => begin(showStudentCard))
// The phone’s own browser asks no wallet.
find('#discount', HTMLElement).hidden = THIS_DEVICE.isPhone
bindSignOut()
show(await loadAccount())
tellUnfinished()
onOtherTab(() => void reload().catch((error: unknown) => notify('trouble', messageOf(error))))
document.body.dataset['state'] = 'ready'
