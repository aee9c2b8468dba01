/** What one tab changes, the others show. */
const channel = new BroadcastChannel('account')

/** Tells the other tabs of this browser that the account, or who is signed in to it, has changed. */
export function tellOtherTabs(): void {
  channel.postMessage('changed')
}

/** @param changed is called when another tab has changed something, and when the user comes back to this one. */
export function onOtherTab(changed: () => void): void {
  channel.addEventListener('message', changed)
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') changed()
  })
}
