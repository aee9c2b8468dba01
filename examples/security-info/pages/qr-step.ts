import type { CeremonyState } from '../wire/ceremony.js'
import { element } from './element.js'
import { icon } from './icons.js'
import { milestoneNames, milestonesReached, sentence } from './words.js'

/** The QR code, and what happens after it was scanned. */
export class QrStep {
  readonly content: readonly HTMLElement[]
  readonly #isScanned: boolean
  readonly #frame = element('div', { class: 'qr' })
  readonly #status = element('p', { class: 'live', role: 'status' })
  readonly #milestones = element('ol', { class: 'milestones' })
  readonly #text = element('textarea', { readonly: true, rows: '3', id: 'qr-text', spellcheck: 'false' })
  readonly #byHand: HTMLElement

  /** @param isScanned false for a phone that is remembered: there is no code. */
  constructor(isScanned: boolean) {
    this.#isScanned = isScanned
    this.#byHand = element(
      'details',
      { class: 'by-hand' },
      element('summary', {}, 'My phone cannot scan it'),
      element('label', { for: 'qr-text' }, 'Paste this text into the phone'),
      this.#text,
    )
    const simulated = 'Simulated Bluetooth: that the phone is near is not proven in this demo.'
    this.content = [
      this.#frame,
      this.#status,
      this.#milestones,
      this.#byHand,
      element('p', { class: 'simulated' }, simulated),
    ]
  }

  update({ qr, step }: CeremonyState): void {
    this.#showCode(qr, step)
    const words = sentence(step, this.#isScanned)
    if (this.#status.textContent !== words) this.#status.textContent = words
    const reached = milestonesReached(step)
    this.#milestones.replaceChildren(
      ...milestoneNames(this.#isScanned).map((name, index) => milestone(name, index, reached)),
    )
    this.#byHand.hidden = qr === undefined
    this.#text.value = qr?.text ?? ''
  }

  #showCode(qr: CeremonyState['qr'], step: CeremonyState['step']): void {
    const isShown = this.#frame.querySelector('img') !== null
    if (qr !== undefined && !isShown)
      this.#frame.replaceChildren(element('img', { src: qr.picture, alt: 'QR code for your phone' }))
    const isOver = step !== 'starting' || !this.#isScanned
    if (qr === undefined && isOver) this.#frame.replaceChildren(icon('phone'))
  }
}

function milestone(name: string, index: number, reached: number): HTMLElement {
  const isDone = index < reached
  return element(
    'li',
    { class: isDone ? 'done' : '', 'aria-current': index === reached ? 'step' : undefined },
    name,
    isDone ? element('span', { class: 'visually-hidden' }, ' (done)') : undefined,
  )
}
