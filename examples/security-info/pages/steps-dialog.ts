import { button, element } from './element.js'
import type { Content } from './element.js'
import { messageOf } from './server.js'

/** One thing at a time, in a modal dialog: each step has a heading, which gets the focus, so that it is read out. */
export class StepsDialog {
  readonly #dialog: HTMLDialogElement
  #leave: () => void = () => undefined
  #isClosed = false

  constructor(className = '') {
    this.#dialog = element('dialog', { class: `steps ${className}`, 'aria-labelledby': 'step-heading' })
    // Escape, and everything else that closes it.
    this.#dialog.addEventListener('close', () => {
      this.#isClosed = true
      this.#leave()
      this.#dialog.remove()
    })
    document.body.append(this.#dialog)
  }

  /** Shows the next step. @param leave is called when the dialog is closed during it, or was before. */
  show(heading: string, content: readonly Content[], leave: () => void = () => undefined): void {
    this.#leave = leave
    if (this.#isClosed) {
      leave()
      return
    }
    const title = element('h2', { id: 'step-heading', tabindex: '-1' }, heading)
    this.#dialog.replaceChildren(title, ...content.filter(part => part !== undefined))
    if (!this.#dialog.open) this.#dialog.showModal()
    title.focus()
  }

  /** The last step of what went wrong. */
  showTrouble(error: unknown): void {
    this.show('That did not work', [element('p', {}, messageOf(error)), actions(this.cancelButton('Close'))])
  }

  /** A button that closes the dialog. */
  cancelButton(label = 'Cancel'): HTMLButtonElement {
    return button(label, () => this.close(), { class: 'quiet' })
  }

  close(): void {
    this.#dialog.close()
  }
}

/** The buttons of a step; the last one is what most people want. */
export function actions(...buttons: readonly Content[]): HTMLElement {
  return element('div', { class: 'actions' }, ...buttons)
}
