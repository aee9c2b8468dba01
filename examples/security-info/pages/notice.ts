import { element, find } from './element.js'
import type { Content } from './element.js'

/** Says something to everybody: shown at the top, and read out by screen readers. */
export function notify(kind: 'done' | 'trouble', ...content: readonly Content[]): void {
  const place = find('#notice', HTMLElement)
  place.replaceChildren(element('div', { class: `notice ${kind}` }, ...content))
}

export function clearNotice(): void {
  find('#notice', HTMLElement).replaceChildren()
}
