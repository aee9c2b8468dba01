import type { CeremonyWish } from '../wire/ceremony.js'
import { notify } from './notice.js'

const KEY = 'unfinished'

const UNDONE: Readonly<Record<string, string>> = {
  create: 'No passkey was added',
  get: 'You were not signed in',
  digital: 'No card was shown',
} satisfies Record<CeremonyWish['kind'], string>

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
  notify('trouble', `${UNDONE[kind] ?? ''}: the page was loaded again before it was done. Start once more.`)
}
