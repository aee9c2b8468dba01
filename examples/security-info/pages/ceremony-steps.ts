import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from 'fido-hybrid'
import type { CeremonyState, CeremonyWish, Device, Failure, Finding, Readiness } from '../wire/laptop.js'
import type { PromptAnswer } from '../wire/prompt.js'
import { button, element } from './element.js'
import { icon } from './icons.js'
import { promptCard } from './prompt-card.js'
import { QrStep } from './qr-step.js'
import { ask, follow, messageOf } from './server.js'
import { actions } from './steps-dialog.js'
import type { StepsDialog } from './steps-dialog.js'
import { failureSentence } from './words.js'

/** What the user wants; the options are fetched at the last moment, as they are good for a few minutes only. */
export type Wanted =
  | {
      readonly kind: 'create'
      options(): Promise<PublicKeyCredentialCreationOptionsJSON>
      done(response: RegistrationResponseJSON): Promise<void>
    }
  | {
      readonly kind: 'get'
      options(): Promise<PublicKeyCredentialRequestOptionsJSON>
      done(response: AuthenticationResponseJSON): Promise<void>
    }

/** Leads through one registration or sign-in: which device, is everything ready, the QR code, what came of it. */
export class CeremonySteps {
  readonly #dialog: StepsDialog
  readonly #wanted: Wanted

  constructor(dialog: StepsDialog, wanted: Wanted) {
    this.#dialog = dialog
    this.#wanted = wanted
  }

  chooseDevice(): void {
    const isNew = this.#wanted.kind === 'create'
    this.#dialog.show(isNew ? 'Where should the passkey be kept?' : 'Where is your passkey?', [
      element(
        'ul',
        { class: 'cards' },
        deviceCard('phone', 'iPhone, iPad or Android device', 'You scan a QR code with it.', () =>
          this.prepare(),
        ),
        deviceCard('computer', 'This computer', 'No phone is needed.', () => void this.#run('this-computer')),
      ),
      actions(this.#dialog.cancelButton()),
    ])
  }

  prepare(): void {
    this.#dialog.show('Have your phone at hand', [
      element(
        'ul',
        { class: 'checklist' },
        element(
          'li',
          {},
          'Switch Bluetooth on, on this computer and on the phone: it shows that they are together.',
        ),
        element('li', {}, 'Both need the internet. They need not be in one network.'),
        element('li', {}, 'Unlock the phone and open its camera.'),
      ),
      element(
        'p',
        { class: 'simulated' },
        'In this demo Bluetooth is simulated, and the phone is ',
        element('a', { href: '/phone', target: '_blank' }, 'a page of its own'),
        '.',
      ),
      actions(
        this.#dialog.cancelButton(),
        button('I’m ready', () => void this.#check(), { class: 'primary' }),
      ),
    ])
  }

  async #check(): Promise<void> {
    this.#dialog.show('Looking at this computer', [
      element('p', { role: 'status' }, 'One moment.'),
      actions(this.#dialog.cancelButton()),
    ])
    try {
      const { findings } = await ask<Readiness>('POST', '/laptop/ready')
      this.#showFindings(findings)
    } catch (error) {
      this.#explain(messageOf(error))
    }
  }

  #showFindings(findings: readonly Finding[]): void {
    const isReady = findings.every(({ ok }) => ok)
    const next = isReady
      ? button('Show the QR code', () => void this.#run('phone'), { class: 'primary' })
      : button('Check again', () => void this.#check(), { class: 'primary' })
    this.#dialog.show(isReady ? 'Everything is ready' : 'Something is missing', [
      element('ul', { class: 'findings' }, ...findings.map(findingItem)),
      actions(this.#dialog.cancelButton(), next),
    ])
  }

  async #run(device: Device): Promise<void> {
    try {
      const wish = await this.#wish(device)
      const { id } = await ask<Pick<CeremonyState, 'id'>>('POST', '/laptop/ceremonies', wish)
      this.#follow(id, device)
    } catch (error) {
      this.#explain(messageOf(error))
    }
  }

  async #wish(device: Device): Promise<CeremonyWish> {
    if (this.#wanted.kind === 'create')
      return { kind: 'create', device, options: await this.#wanted.options() }
    return { kind: 'get', device, options: await this.#wanted.options() }
  }

  #follow(id: string, device: Device): void {
    const view = device === 'phone' ? new QrStep() : undefined
    const leave = (): void => {
      stop()
      void ask('DELETE', `/laptop/ceremonies/${id}`).catch(() => undefined)
    }
    let promptId: string | undefined
    const stop = follow(`/laptop/ceremonies/${id}`, news => {
      const state = news as CeremonyState
      view?.update(state)
      if (state.prompt && state.prompt.id !== promptId) this.#prompt(state.prompt, leave)
      promptId = state.prompt?.id
      if (state.outcome === undefined) return
      stop()
      void this.#finish(state.outcome)
    })
    const content = view?.content ?? [element('p', { role: 'status' }, 'This computer asks you in a moment.')]
    const heading = device === 'phone' ? 'Use your phone' : 'Use this computer'
    this.#dialog.show(heading, [...content, actions(this.#dialog.cancelButton())], leave)
  }

  /** This computer’s own question: what the system’s dialog is in real life. */
  #prompt(prompt: NonNullable<CeremonyState['prompt']>, leave: () => void): void {
    const decide = (answer: PromptAnswer): void =>
      void ask('POST', `/laptop/prompts/${prompt.id}`, answer).catch((error: unknown) =>
        this.#explain(messageOf(error)),
      )
    const { heading, content } = promptCard(prompt, decide)
    this.#dialog.show(heading, content, leave)
  }

  async #finish(outcome: NonNullable<CeremonyState['outcome']>): Promise<void> {
    if ('failure' in outcome) {
      this.#fail(outcome.failure)
      return
    }
    this.#dialog.show('Almost done', [element('p', { role: 'status' }, 'The site verifies the answer.')])
    try {
      await this.#hand(outcome.response)
    } catch (error) {
      this.#explain(messageOf(error))
    }
  }

  async #hand(response: RegistrationResponseJSON | AuthenticationResponseJSON): Promise<void> {
    if (this.#wanted.kind === 'create' && isRegistration(response)) await this.#wanted.done(response)
    if (this.#wanted.kind === 'get' && !isRegistration(response)) await this.#wanted.done(response)
  }

  #fail(failure: Failure): void {
    if (failure.name !== 'AbortError') this.#explain(failureSentence(failure))
  }

  #explain(sentence: string): void {
    this.#dialog.show('That did not work', [
      element('p', {}, sentence),
      actions(
        this.#dialog.cancelButton('Close'),
        button('Try again', () => this.chooseDevice(), { class: 'primary' }),
      ),
    ])
  }
}

function isRegistration(
  response: RegistrationResponseJSON | AuthenticationResponseJSON,
): response is RegistrationResponseJSON {
  return 'attestationObject' in response.response
}

function deviceCard(
  drawing: 'phone' | 'computer',
  name: string,
  explanation: string,
  choose: () => void,
): HTMLElement {
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

const CHECKS: Readonly<Record<Finding['check'], string>> = {
  radio: 'Bluetooth',
  'tunnel-service': 'Tunnel service',
  clock: 'Clock',
}

function findingItem({ check, ok, detail, cure }: Finding): HTMLElement {
  return element(
    'li',
    { class: ok ? 'good' : 'bad' },
    icon(ok ? 'check' : 'warning'),
    element(
      'span',
      {},
      element('strong', {}, `${CHECKS[check]}: ${ok ? 'ready' : 'not ready'}`),
      element('span', { class: 'hint' }, detail),
      cure === undefined ? undefined : element('span', { class: 'cure' }, cure),
    ),
  )
}
