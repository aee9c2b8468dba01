import type { CeremonyAnswer, CeremonyState } from '../wire/ceremony.js'
import type { PromptAnswer, PromptView } from '../wire/prompt.js'
import { explainFailure } from './ceremony-failures.js'
import { handOver, wishOf } from './ceremony.js'
import type { Ceremony, Place } from './ceremony.js'
import { element } from './element.js'
import { promptCard } from './prompt-card.js'
import { QrStep } from './qr-step.js'
import { ask, follow } from './server.js'
import { THIS_DEVICE } from './this-device.js'
import { noteBegin, noteEnd } from './unfinished.js'

/** Goes on to the device’s part of a ceremony: the QR code or the device’s question, and what comes of it. */
export function runCeremony(ceremony: Ceremony, place: Place): void {
  ceremony.dialog.go(() => void new CeremonyRun(ceremony, place).start())
}

/** One ceremony of the device, as the page follows it. */
class CeremonyRun {
  readonly #ceremony: Ceremony
  readonly #place: Place
  readonly #qr: QrStep | undefined
  #path = ''
  #stop = (): void => undefined
  #promptId: string | undefined
  #isHanded = false

  constructor(ceremony: Ceremony, place: Place) {
    this.#ceremony = ceremony
    this.#place = place
    this.#qr = place.device === 'phone' ? new QrStep(place.link === undefined) : undefined
  }

  async start(): Promise<void> {
    const { dialog } = this.#ceremony
    const isHere = dialog.here()
    dialog.wait('Getting ready')
    try {
      const wish = await wishOf(this.#ceremony, this.#place)
      const { id } = await ask<Pick<CeremonyState, 'id'>>('POST', `${THIS_DEVICE.path}/ceremonies`, wish)
      this.#path = `${THIS_DEVICE.path}/ceremonies/${id}`
      if (isHere()) this.#follow()
      else this.#leave()
    } catch (error) {
      if (isHere()) dialog.showTrouble(error, () => this.#again())
    }
  }

  #follow(): void {
    const { dialog, kind } = this.#ceremony
    noteBegin(kind)
    this.#stop = follow(
      this.#path,
      news => this.#update(news as CeremonyState),
      () => this.#lost(),
    )
    const asks = `${THIS_DEVICE.name} asks you in a moment.`
    const content = this.#qr?.content ?? [element('p', { role: 'status' }, asks)]
    const heading = this.#qr === undefined ? 'Use this device' : 'Use your phone'
    dialog.show(heading, [...content, dialog.footer()], () => this.#leave())
  }

  #update(state: CeremonyState): void {
    this.#qr?.update(state)
    if (state.prompt && state.prompt.id !== this.#promptId) this.#ask(state.prompt)
    this.#promptId = state.prompt?.id
    if (state.answer && !this.#isHanded) void this.#hand(state.answer)
    if (state.outcome === undefined || this.#isHanded) return
    this.#over()
    if ('failure' in state.outcome)
      explainFailure(this.#ceremony.dialog, state.outcome.failure, () => this.#again())
  }

  /** This device’s own question: what the system’s dialog is in real life. */
  #ask(prompt: PromptView): void {
    const { dialog } = this.#ceremony
    const decide = (answer: PromptAnswer): void =>
      void ask('POST', `${THIS_DEVICE.path}/prompts/${prompt.id}`, answer).catch((error: unknown) =>
        dialog.showTrouble(error),
      )
    const { heading, content } = promptCard(prompt, decide, dialog.backButton())
    dialog.show(heading, content, () => this.#leave())
  }

  /** The site decides while the device waits: only what the site takes is confirmed on the device. */
  async #hand(answer: CeremonyAnswer): Promise<void> {
    const { dialog } = this.#ceremony
    this.#isHanded = true
    dialog.show('Almost done', [element('p', { role: 'status' }, 'The site verifies the answer.')])
    try {
      const next = await handOver(this.#ceremony, answer)
      await this.#tell(true)
      dialog.finish(next)
    } catch (error) {
      await this.#tell(false)
      await this.#ceremony.refused(error)
    }
  }

  /** A device that has gone meanwhile hears nothing, and shows what it keeps as unconfirmed. */
  async #tell(isAccepted: boolean): Promise<void> {
    await ask('POST', `${this.#path}/verdict`, { isAccepted }).catch(() => undefined)
    this.#over()
  }

  #lost(): void {
    this.#over()
    if (!this.#isHanded) this.#ceremony.dialog.showTrouble('The connection is gone.', () => this.#again())
  }

  #over(): void {
    this.#stop()
    noteEnd()
  }

  #leave(): void {
    this.#over()
    void ask('DELETE', this.#path).catch(() => undefined)
  }

  #again(): void {
    this.#ceremony.dialog.replace(() => void new CeremonyRun(this.#ceremony, this.#place).start())
  }
}
