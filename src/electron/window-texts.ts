import type { ProgressEvent } from '../driver/progress.js'

/** The texts of the ready-made window. */
export interface PasskeyWindowTexts {
  /** Title and heading where a passkey is made. The next three are for the other requests. */
  readonly create: string
  /** Where one signs in. */
  readonly get: string
  /** Where the phone’s wallet is given a digital credential. */
  readonly issue: string
  /** Where the phone’s wallet shows a digital credential. */
  readonly present: string
  /** Before the RP ID. */
  readonly for: string
  /** Describes the picture of the QR code to people who do not see it. */
  readonly code: string
  /** On the button that ends the request. */
  readonly cancel: string
  /** What to do, or what goes on, after a step; of steps without a text nothing is said. */
  readonly steps: Readonly<Partial<Record<ProgressEvent['event'], string>>>
}

export const ENGLISH: PasskeyWindowTexts = {
  create: 'Create a passkey on your phone',
  get: 'Use a passkey from your phone',
  issue: 'Put a document into the wallet of your phone',
  present: 'Show a document from the wallet of your phone',
  for: 'For',
  code: 'QR code for the camera of your phone',
  cancel: 'Cancel',
  steps: {
    'qr-shown':
      'Scan this code with the camera of your phone. Bluetooth has to be on, here and on the phone.',
    'advert-seen': 'Your phone is near. Connecting …',
    connected: 'Connected to your phone.',
    'awaiting-user': 'Go on with the steps on your phone.',
    response: 'Your phone has answered.',
    'radio-interrupted': 'Bluetooth is off. Turn it on to go on.',
    'radio-resumed': 'Bluetooth is on again. Scan the code.',
  },
}
