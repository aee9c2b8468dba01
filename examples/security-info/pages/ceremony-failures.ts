import type { Failure } from '../wire/ceremony.js'
import { instructions } from './cards.js'
import { button, element } from './element.js'
import type { Step, StepsDialog } from './steps-dialog.js'
import { failureSentence } from './words.js'

/** Says why a ceremony came to nothing, and what to do about it. @param again starts it once more. */
export function explainFailure(dialog: StepsDialog, failure: Failure, again: Step): void {
  if (failure.code === 'cancelled') return
  if (failure.name === 'InvalidStateError') explainExisting(dialog, again)
  else if (failure.code === 'taken-over') explainTakeover(dialog, again)
  else dialog.showTrouble(failureSentence(failure), again)
}

/** An account has one passkey a device: the old one is in the way of the new one. */
function explainExisting(dialog: StepsDialog, again: Step): void {
  dialog.show('There is a passkey already', [
    element('p', {}, 'This device has a passkey for your account, and an account has one on each device.'),
    element('h3', {}, 'To make a new one'),
    instructions(
      'Delete the passkey on the device, in its list of passkeys.',
      'Try again.',
      'Delete the old passkey in the list on this page, too: it is of no use any more.',
    ),
    dialog.footer(button('Try again', again, { class: 'primary' }), 'Close'),
  ])
}

/** A device does one thing at a time. */
function explainTakeover(dialog: StepsDialog, again: Step): void {
  dialog.show('Another tab took over', [
    element('p', {}, 'You began something in another tab or window, and this one has ended. Go on there.'),
    dialog.footer(button('Go on here instead', again), 'Close'),
  ])
}
