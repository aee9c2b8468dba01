import type { DigitalCredentialOptions } from 'fido-hybrid'
import type { ShownCardView } from '../wire/student-card.js'
import type { Ceremony } from './ceremony.js'
import { button, element } from './element.js'
import { addFact } from './facts.js'
import { icon } from './icons.js'
import { checkReadiness } from './readiness-step.js'
import { ask } from './server.js'
import { StepsDialog } from './steps-dialog.js'
import { claimWords } from './words.js'

/** Leads from “Show your student card” to what the site has learned from it. */
export function showStudentCard(): void {
  const dialog = new StepsDialog()
  const ceremony: Ceremony = {
    dialog,
    kind: 'digital',
    options: () => ask<DigitalCredentialOptions>('POST', '/api/student-card/request'),
    hand: async answer => {
      const shown = await ask<ShownCardView>('POST', '/api/student-card', answer)
      return () => showWhatWasLearned(dialog, shown)
    },
    refused: error => {
      dialog.showTrouble(error)
      return Promise.resolve()
    },
  }
  dialog.go(() => explain(ceremony))
}

function explain(ceremony: Ceremony): void {
  const { dialog } = ceremony
  const next = (): void => dialog.go(() => void checkReadiness(ceremony))
  dialog.show('Show your student card', [
    element(
      'p',
      {},
      'It is in the wallet of your phone. You scan a QR code with the phone, and it asks you.',
    ),
    element(
      'p',
      {},
      'This site learns your first name and your student number, and nothing else of the card.',
    ),
    dialog.footer(button('Continue', next, { class: 'primary' })),
  ])
}

function showWhatWasLearned(dialog: StepsDialog, { claims, checks }: ShownCardView): void {
  const facts = element('dl', { class: 'facts' })
  for (const [name, value] of Object.entries(claims)) addFact(facts, claimWords(name), value)
  const items = checks.map(check =>
    element('li', { class: 'good' }, icon('check'), element('span', {}, check)),
  )
  dialog.show('Your card is verified', [
    facts,
    element('h3', {}, 'How this site knows'),
    element('ul', { class: 'findings' }, ...items),
    dialog.footer(undefined, 'Done'),
  ])
}
