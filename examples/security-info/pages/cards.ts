import { button, element } from './element.js'
import { icon } from './icons.js'

/** One of several ways to go on. */
export interface Card {
  readonly drawing: Parameters<typeof icon>[0]
  readonly name: string
  readonly explanation: string
  readonly choose: () => void
}

/** A choice of big buttons. */
export function cards(choices: readonly Card[]): HTMLElement {
  return element('ul', { class: 'cards' }, ...choices.map(card))
}

function card({ drawing, name, explanation, choose }: Card): HTMLElement {
  const made = button('', choose, { class: 'card' })
  const words = element(
    'span',
    {},
    element('strong', {}, name),
    element('span', { class: 'hint' }, explanation),
  )
  made.append(icon(drawing), words)
  return element('li', {}, made)
}

/** Points of a list. */
export function checklist(...sentences: readonly string[]): HTMLElement {
  return element('ul', { class: 'checklist' }, ...sentences.map(sentence => element('li', {}, sentence)))
}

/** Things to do one after the other. */
export function instructions(...sentences: readonly string[]): HTMLElement {
  return element('ol', { class: 'instructions' }, ...sentences.map(sentence => element('li', {}, sentence)))
}
