import type { CeremonyState, Failure } from '../wire/ceremony.js'

type Step = CeremonyState['step']

/** What the laptop says at each step. */
const SENTENCES: Readonly<Record<Step, string>> = {
  starting: 'Preparing the QR code.',
  'qr-shown': 'Scan this code with your phone.',
  scanning: 'Scan this code with your phone. This computer is listening for it.',
  'advert-seen': 'Your phone has read the code and says that it is near.',
  'tunnel-connecting': 'Connecting to your phone.',
  'tunnel-connected': 'Connected. Agreeing on keys with your phone.',
  'channel-connecting': 'Connecting to your phone over Bluetooth.',
  'channel-connected': 'Connected. Agreeing on keys with your phone.',
  handshake: 'Agreeing on keys with your phone.',
  connected: 'Your phone is connected, encrypted end to end.',
  'request-sent': 'Your phone is asking you. Approve there.',
  'awaiting-user': 'Your phone is asking you. Approve there.',
  response: 'Your phone has answered.',
  linked: 'This computer remembers your phone.',
  'not-linked': 'This computer does not remember your phone.',
  'radio-interrupted': 'Bluetooth of this computer is away for the moment.',
  'radio-resumed': 'Scan this code with your phone. This computer is listening for it.',
  closed: 'Done with your phone.',
  // The phone’s own.
  advertising: 'The phone says that it is near.',
  'request-received': 'The phone has got the request.',
}

const CALLING = 'Calling your phone. This computer is listening for it.'

/** What it says instead to a phone that it remembers: there is no code. */
const WITHOUT_CODE: Partial<typeof SENTENCES> = {
  starting: CALLING,
  scanning: CALLING,
  'radio-resumed': CALLING,
  'advert-seen': 'Your phone says that it is near.',
}

/** A step for people. @param isScanned whether the phone scans a code. */
export function sentence(step: Step, isScanned: boolean): string {
  return (isScanned ? undefined : WITHOUT_CODE[step]) ?? SENTENCES[step]
}

/** The milestones on the way, and the steps that reach each. */
const MILESTONES: readonly (readonly [name: string, reached: readonly Step[]])[] = [
  [
    'Scan the code',
    [
      'advert-seen',
      'tunnel-connecting',
      'tunnel-connected',
      'channel-connecting',
      'channel-connected',
      'handshake',
    ],
  ],
  ['Connect', ['connected', 'request-sent', 'awaiting-user']],
  ['Approve on your phone', ['response', 'closed']],
]

/** How many of the milestones are behind. */
export function milestonesReached(step: Step): number {
  return MILESTONES.findIndex(([, reached]) => reached.includes(step)) + 1
}

/** What they are called. @param isScanned whether the phone scans a code. */
export function milestoneNames(isScanned: boolean): readonly string[] {
  const names = MILESTONES.map(([name]) => name)
  return isScanned ? names : names.with(0, 'Call the phone')
}

/** A site must not learn which it was. */
const NO_CARD = 'The phone has shown no card: its user refused, or there is none.'

const FAILURES: Readonly<Record<string, string>> = {
  'page-left': 'The page lost its connection for a moment, so the attempt was ended.',
  'link-gone': 'The phone has forgotten this computer. Use a QR code.',
  'phone-busy': 'The phone is busy with something else. Try again when it is done.',
  busy: 'The phone is busy with something else. Try again when it is done.',
  'advert-timeout': 'No phone has scanned the code in time.',
  'response-timeout': 'Nobody has approved on the phone in time.',
  'peer-closed':
    'The phone ended the connection: its user refused, or it has no fitting passkey. If it says that it saved a passkey, discard that one there.',
  'wallet-refused': NO_CARD,
  'wallet-aborted': NO_CARD,
  'wallet-empty': NO_CARD,
  'tunnel-unreachable': 'The service that connects phone and computer does not answer.',
  'bluetooth-unavailable': 'This computer has no Bluetooth.',
  'bluetooth-off': 'Bluetooth is switched off on this computer.',
}

/** A failure for people. */
export function failureSentence({ name, code, message, cure }: Failure): string {
  if (name === 'InvalidStateError') return 'This device has a passkey for this account already.'
  const known = FAILURES[code]
  if (known !== undefined) return known
  return `It did not work: ${message}. ${cure ?? ''}`.trim()
}

/** A moment, as people say it. */
export function moment(time: number): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' }).format(time)
}

const CLAIMS: Readonly<Record<string, string>> = {
  given_name: 'First name',
  family_name: 'Family name',
  student_number: 'Student number',
  birth_date: 'Date of birth',
}

/** What is asked for of a card, by its name, or by its type and its name. */
export function claimWords(claim: string): string {
  const name = /[a-z_]+$/.exec(claim)?.[0] ?? ''
  return CLAIMS[name] ?? claim
}
