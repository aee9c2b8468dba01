import { button, element } from './element.js'
import type { Content } from './element.js'
import { messageOf } from './server.js'

/** Shows itself in the dialog. */
export type Step = () => void

/**
 * One thing at a time, in a modal dialog: each step has a heading, which gets the focus, so that it is read out, and a way
 * back to the step before.
 */
export class StepsDialog {
  readonly #dialog: HTMLDialogElement
  readonly #isModal: boolean
  /** The steps that led here; the last one is shown. */
  readonly #path: Step[] = []
  #leave: Step = () => undefined
  #isClosed = false
  /** Counts the user’s turns, so that what comes late from an earlier one is known. */
  #turn = 0

  /** @param screen of the virtual phone, which it fills; without it the dialog is over the page. */
  constructor(screen?: HTMLElement) {
    this.#isModal = screen === undefined
    const look = screen === undefined ? 'steps' : 'steps app'
    this.#dialog = element('dialog', { class: look, 'aria-labelledby': 'step-heading' })
    // Escape, and everything else that closes it.
    this.#dialog.addEventListener('close', () => {
      this.#isClosed = true
      this.#turn++
      this.#leave()
      this.#dialog.remove()
    })
    if (screen === undefined) document.body.append(this.#dialog)
    else this.#fill(screen)
  }

  /** Goes on to a step, from which the user can come back to this one. */
  go(step: Step): void {
    this.#path.push(step)
    this.#turn++
    step()
  }

  /** Goes on to a step in the place of this one: nobody wants to come back to it. */
  replace(step: Step): void {
    this.#path.pop()
    this.go(step)
  }

  /** Goes on to what cannot be undone by going back. */
  finish(step: Step): void {
    this.#path.length = 0
    this.go(step)
  }

  /** Leaves this step for the one before. */
  back(): void {
    this.#path.pop()
    const before = this.#path.pop()
    this.#turn++
    const leave = this.#leave
    this.#leave = () => undefined
    leave()
    if (before === undefined) this.close()
    else this.go(before)
  }

  /** @returns a question to ask later: is the user still at this step? */
  here(): () => boolean {
    const turn = this.#turn
    return () => turn === this.#turn && !this.#isClosed
  }

  /** Fills the step. @param leave is called when the user goes back or closes the dialog. */
  show(heading: string, content: readonly Content[], leave: Step = () => undefined): void {
    this.#leave = leave
    if (this.#isClosed) {
      leave()
      return
    }
    const title = element('h2', { id: 'step-heading', tabindex: '-1' }, heading)
    this.#dialog.replaceChildren(title, ...content.filter(part => part !== undefined))
    if (!this.#dialog.open) this.#open()
    title.focus()
  }

  /** A step that is over in a moment. */
  wait(heading: string, sentence = 'One moment.'): void {
    this.show(heading, [element('p', { role: 'status' }, sentence), this.footer()])
  }

  /** What went wrong, in the place of this step. @param retry where there is something to try again. */
  showTrouble(error: unknown, retry?: Step): void {
    const again = retry && button('Try again', retry, { class: 'primary' })
    this.show('That did not work', [element('p', {}, messageOf(error)), this.footer(again, 'Close')])
  }

  /** The buttons under a step: back if there is a step before, cancel, and last what most people want. */
  footer(next?: Content, cancel = 'Cancel'): HTMLElement {
    return actions(
      this.backButton(),
      button(cancel, () => this.close(), { class: 'quiet' }),
      next,
    )
  }

  /** A button that goes to the step before, if there is one. */
  backButton(): HTMLElement | undefined {
    if (this.#path.length < 2) return undefined
    return button('Back', () => this.back(), { class: 'quiet back' })
  }

  close(): void {
    this.#dialog.close()
  }

  #open(): void {
    if (this.#isModal) this.#dialog.showModal()
    else this.#dialog.show()
  }

  /** In the place of what the screen shows otherwise, and under the phone’s own question. */
  #fill(screen: HTMLElement): void {
    screen.querySelector('.sheet')?.before(this.#dialog)
    this.#dialog.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') this.close()
    })
  }
}

/** The buttons of a step; the last one is what most people want. */
export function actions(...buttons: readonly Content[]): HTMLElement {
  return element('div', { class: 'actions' }, ...buttons)
}
