import type { CeremonyWish } from '../wire/ceremony.js'
import { notify } from './notice.js'

const KEY = 'unfinished'

/** From now on a page that is loaded again has something to say. */
export function noteBegin(kind: CeremonyWish['kind']): void {
  sessionStorage.setItem(KEY, kind)
}

export function noteEnd(): void {
  sessionStorage.removeItem(KEY)
}

/** Tells what became of a ceremony that this tab left by loading another page, or the same once more. */
export function tellUnfinished(): void {
  const kind = sessionStorage.getItem(KEY)
  if (kind === null) return
  noteEnd()
  const what = kind === 'create' ? 'No passkey was added' : 'You were not signed in'
  notify('trouble', `${what}: the page was loaded again before it was done. Start once more.`)
}
