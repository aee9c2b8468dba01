import { accountTitle } from './accounts.js'
import {
  ALLOW_LIST,
  DOCTOR,
  EXCLUDED,
  LARGE_REQUEST,
  networkCut,
  outOfRange,
  PRF,
  refusedOnPhone,
  REGISTER,
  SIGN_IN,
  twoAccounts,
} from './passkey-steps.js'
import type { PhoneDesk } from './phone-desk.js'
import type { TrialStep } from './step.js'

const [ADA, GRACE] = [accountTitle('ada'), accountTitle('grace')]
const BEGIN =
  'Press “Begin” on the page, and choose a phone or another device where the browser asks. Give the code that it shows, and approve here.'
const DONE = 'The browser ends its dialog, and the page says “done”.'

const CODE_TWICE: TrialStep<PhoneDesk> = {
  name: 'code-twice',
  title: 'A code is answered twice',
  todo: `${BEGIN} The same code is then answered again.`,
  seen: 'The first time the page says “done”. The second time nothing happens in the browser.',
  needsPasskey: true,
  tries: [
    { run: (desk, watch) => desk.signInByName('ada', watch) },
    { todo: 'Watch the browser.', run: (desk, watch) => desk.scanAgain(watch) },
  ],
  passes: ['advert-timeout', 'tunnel-gone', 'request-timeout', 'handshake-timeout'],
}

const DIGITAL: TrialStep<PhoneDesk> = {
  name: 'digital-credential',
  title: 'A digital credential',
  todo: `${BEGIN} The wallet of this phone holds a made-up licence.`,
  seen: 'The browser asks whether you trust the page, and shows its code. The page says “done”.',
  tries: [{ run: (desk, watch) => desk.askWallet(watch) }],
  passes: ['answered'],
  notOffered: ['NotSupportedError', 'TypeError'],
}

/** The phone’s trial, in its order, as the person at the browser sees it. */
export const PHONE_STEPS: readonly TrialStep<PhoneDesk>[] = [
  {
    ...DOCTOR,
    todo: 'Switch on Bluetooth on both devices, and see that both are on the internet. They need not be in the same network.',
    seen: 'A list of what this machine has, and a cure for what it lacks.',
  },
  { ...REGISTER, todo: BEGIN, seen: `The browser offers to save a passkey of ${ADA} on a phone. ${DONE}` },
  { ...SIGN_IN, todo: BEGIN, seen: DONE },
  { ...ALLOW_LIST, todo: BEGIN, seen: DONE },
  {
    ...twoAccounts(`${BEGIN} Choose ${GRACE} by its number.`),
    todo: BEGIN,
    seen: `A passkey of ${GRACE} is made. At the second code this terminal lets you choose. ${DONE}`,
  },
  { ...PRF, todo: BEGIN, seen: `The same as at a sign-in. ${DONE}` },
  {
    ...EXCLUDED,
    todo: BEGIN,
    seen: 'The browser says that this phone has a passkey already. The page says InvalidStateError.',
  },
  {
    ...refusedOnPhone(['NotAllowedError']),
    todo: 'Press “Begin”, give the code, and answer n when this terminal asks.',
    seen: 'The browser says that something went wrong. The page says NotAllowedError, perhaps after you close the dialog.',
  },
  {
    ...outOfRange(['advert-timeout', 'NotAllowedError']),
    todo: 'Press “Begin”, and make a screenshot of the code. Switch off Bluetooth on the laptop, or go with it where Bluetooth does not reach. Then give the code. Close the dialog afterwards, and switch Bluetooth on.',
    seen: 'The browser keeps waiting. Here: advert-timeout, with the cure: the devices have to be near.',
  },
  {
    ...networkCut([
      'NotAllowedError',
      'peer-closed',
      'tunnel-unreachable',
      'tunnel-gone',
      'tunnel-timeout',
      'request-timeout',
      'handshake-timeout',
      'response-timeout',
    ]),
    todo: 'Press “Begin”, and give the code. When this terminal asks, cut the internet of the laptop, and then approve. Join it again afterwards.',
    seen: 'The browser says that something went wrong. Here, perhaps after a while: an error with its cure, or NotAllowedError.',
  },
  CODE_TWICE,
  { ...LARGE_REQUEST, todo: BEGIN, seen: `The phone finds the passkey of ${ADA} in a list of 64. ${DONE}` },
  DIGITAL,
]
