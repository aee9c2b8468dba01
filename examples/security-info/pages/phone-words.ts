import type { PhoneState, PhoneOutcome } from '../wire/phone.js'

const STEPS: Readonly<Record<NonNullable<PhoneState['step']>, string>> = {
  starting: 'Reading the code.',
  'tunnel-connecting': 'Connecting to the tunnel service.',
  'tunnel-connected': 'Waiting for the laptop.',
  advertising: 'Telling the laptop by simulated Bluetooth that this phone is near.',
  'channel-connected': 'Connected with the laptop over Bluetooth.',
  handshake: 'Agreeing on keys with the laptop.',
  connected: 'Connected with the laptop, encrypted end to end.',
  'request-received': 'The laptop asks for something.',
  'awaiting-user': 'Waiting for your decision.',
  response: 'Answered. Waiting for the laptop to say goodbye.',
  linked: 'The laptop remembers this phone.',
  'not-linked': 'The laptop does not remember this phone.',
  'radio-interrupted': 'Bluetooth of this phone is away for the moment.',
  'radio-resumed': 'Telling the laptop again that this phone is near.',
  closed: 'Done.',
  // The laptop’s own.
  'qr-shown': '',
  scanning: '',
  'advert-seen': '',
  'channel-connecting': '',
  'request-sent': '',
}

export function phoneSentence(step: NonNullable<PhoneState['step']>): string {
  return STEPS[step]
}

/** How the last request ended. */
export function outcomeSentence(outcome: PhoneOutcome): string {
  switch (outcome.kind) {
    case 'registered':
      return `Passkey saved: ${outcome.userName} at ${outcome.rpId}.`
    case 'signed-in':
      return `Signed in to ${outcome.rpId} as ${outcome.userName}.`
    case 'unconfirmed':
      return 'The connection broke after the passkey was saved. Nobody knows whether the site has it: look there, then accept or discard it.'
    case 'refused':
      return 'You refused. The laptop knows only that the phone hung up.'
    case 'card-shown':
      return `Student card shown to ${outcome.rpId}.`
    case 'card-kept':
      return 'You refused. The site does not learn whether there is a card.'
    case 'no-card':
      return 'The wallet has nothing that the site asks for.'
    case 'provider-off':
      return 'This phone may not keep passkeys: turn that on under Settings, and try again.'
    case 'not-taken':
      return 'The laptop has not said that the sign-in worked.'
    case 'deleted':
      return 'Deleted here. The site still lists it: delete it there, too, under Security info.'
    case 'no-passkey':
      return 'This phone has no passkey for that.'
    case 'already-registered':
      return 'This phone has a passkey for that account already; the site was told so.'
    case 'removed':
      return 'The site does not know the passkey, says the site: it was removed here.'
    case 'failed':
      return `That did not work: ${outcome.failure.message}. ${outcome.failure.cure ?? ''}`
  }
}

const GOOD: readonly PhoneOutcome['kind'][] = ['registered', 'signed-in', 'card-shown', 'removed', 'deleted']

/** Whether nothing is amiss. */
export function isGood({ kind }: PhoneOutcome): boolean {
  return GOOD.includes(kind)
}
