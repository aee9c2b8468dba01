import type { PromptAnswer, PromptView } from '../wire/prompt.js'
import { button, element } from './element.js'
import { promptCard } from './prompt-card.js'

/** The phone’s question, over everything else on its screen. */
export class PhoneSheet {
  readonly #sheet: HTMLDialogElement
  readonly #decide: (promptId: string, answer: PromptAnswer) => void
  #promptId: string | undefined

  constructor(sheet: HTMLDialogElement, decide: (promptId: string, answer: PromptAnswer) => void) {
    this.#sheet = sheet
    this.#decide = decide
    sheet.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') this.#answer({ deed: 'refuse' })
    })
  }

  /** @returns whether the sheet was taken away. */
  update(prompt: PromptView | undefined): boolean {
    if (prompt?.id === this.#promptId) return false
    this.#promptId = prompt?.id
    for (const child of this.#sheet.parentElement?.children ?? [])
      if (child instanceof HTMLElement && child !== this.#sheet) child.inert = prompt !== undefined
    if (prompt === undefined) {
      this.#sheet.close()
      return true
    }
    this.#open(prompt)
    return false
  }

  #open(prompt: PromptView): void {
    const { heading, content } = promptCard(prompt, answer => this.#answer(answer))
    const title = element('h2', { id: 'sheet-heading', tabindex: '-1' }, heading)
    this.#sheet.replaceChildren(title, ...content, this.#mishaps())
    if (!this.#sheet.open) this.#sheet.show()
    title.focus()
  }

  /** What goes wrong on real phones. */
  #mishaps(): HTMLElement {
    return element(
      'details',
      { class: 'mishaps' },
      element('summary', {}, 'Other things that people do'),
      button('Fail to unlock the screen', () => this.#answer({ deed: 'fail-verification' }), {
        class: 'quiet',
      }),
      button('Put the phone away', () => this.#answer({ deed: 'ignore' }), { class: 'quiet' }),
    )
  }

  #answer(answer: PromptAnswer): void {
    if (this.#promptId !== undefined) this.#decide(this.#promptId, answer)
  }
}
