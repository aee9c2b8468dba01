import type { AccountView } from '../wire/site.js'
import { find } from './element.js'
import { tellOtherTabs } from './other-tabs.js'
import { ask, Refused } from './server.js'

/** Loads the signed-in user’s account. A visitor without a session is sent to the sign-in page. */
export async function loadAccount(): Promise<AccountView> {
  try {
    const account = await ask<AccountView>('GET', '/api/account')
    find('#who', HTMLElement).textContent = account.displayName
    find('#settings-link', HTMLElement).hidden = !account.isAdministrator
    return account
  } catch (error) {
    if (error instanceof Refused && error.view.code === 'signed-out') location.replace('/sign-in')
    throw error
  }
}

export function bindSignOut(): void {
  find('#sign-out', HTMLButtonElement).addEventListener('click', () => {
    void ask('DELETE', '/api/session').finally(() => {
      tellOtherTabs()
      location.assign('/sign-in')
    })
  })
}
