import { accountTitle } from './accounts.js'
import type { LaptopDesk } from './laptop-desk.js'
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
import { VERIFIED } from './step.js'
import type { TrialStep } from './step.js'

type LaptopStep = TrialStep<LaptopDesk>

const [ADA, GRACE] = [accountTitle('ada'), accountTitle('grace')]
const HERE_VERIFIED = 'Here: “verified by the relying party”.'

const CODE_TWICE: LaptopStep = {
  name: 'code-twice',
  title: 'A code is answered twice',
  todo: `Scan the QR code, and sign in as ${ADA}. The same code is then shown again.`,
  seen: 'The first time it is verified here. The second time the phone cannot connect, and says so.',
  needsPasskey: true,
  tries: [
    { run: (desk, watch) => desk.signInByName('ada', watch) },
    { todo: 'Scan the same code again.', run: desk => desk.showAgain() },
  ],
  passes: ['shown-again'],
}

const REMEMBERED: LaptopStep = {
  name: 'remembered',
  title: 'Being remembered',
  todo: `Scan the QR code, sign in as ${ADA}, and agree if the phone offers to remember this laptop.`,
  seen: 'Android phones: the next sign-in reaches the phone without a code. iPhones do not offer it.',
  needsPasskey: true,
  tries: [
    { run: (desk, watch) => desk.signInToLink('ada', watch) },
    {
      todo: 'Unlock the phone, and approve: there is no code this time.',
      run: (desk, watch) => desk.signInByLink('ada', watch),
    },
  ],
  passes: [VERIFIED],
  notOffered: ['no-link'],
}

const DIGITAL: LaptopStep = {
  name: 'digital-credential',
  title: 'A digital credential',
  todo: 'Scan the QR code. Where the phone has a mobile driving licence, it may tell whether you are of age; the answer is dropped at once, and you may refuse.',
  seen: 'The wallet asks, or says that it has nothing that fits. Here: “answered”, or why not.',
  tries: [{ run: (desk, watch) => desk.askWallet(watch) }],
  passes: ['answered'],
  notOffered: ['wallet-empty', 'feature-missing', 'wallet-refused', 'wallet-error'],
}

/** The laptop’s trial, in its order. */
export const LAPTOP_STEPS: readonly LaptopStep[] = [
  {
    ...DOCTOR,
    todo: 'Switch on Bluetooth on both devices, and see that both are on the internet. They need not be in the same network.',
    seen: 'A list of what this machine has, and a cure for what it lacks.',
  },
  {
    ...REGISTER,
    todo: 'Scan the QR code with the phone’s camera, and have it save the passkey.',
    seen: `The phone offers to save a passkey of ${ADA}. ${HERE_VERIFIED}`,
  },
  {
    ...SIGN_IN,
    todo: 'Scan the QR code, and approve.',
    seen: `The phone offers the passkey of ${ADA}. ${HERE_VERIFIED}`,
  },
  {
    ...ALLOW_LIST,
    todo: 'Scan the QR code, and approve.',
    seen: `The phone asks for ${ADA} without a choice. ${HERE_VERIFIED}`,
  },
  {
    ...twoAccounts(`Scan this code as well, and choose ${GRACE}.`),
    todo: `Scan the QR code, and have the phone save a passkey of ${GRACE}.`,
    seen: `At the second code the phone lets you choose among ${ADA} and ${GRACE}. ${HERE_VERIFIED}`,
  },
  {
    ...PRF,
    todo: `Scan the QR code, and sign in as ${ADA}.`,
    seen: `The same as at a sign-in: the phone says nothing of it. ${HERE_VERIFIED}`,
  },
  {
    ...EXCLUDED,
    todo: 'Scan the QR code, and approve what the phone asks, if it asks.',
    seen: `The phone says that it has a passkey of ${ADA}. Here: InvalidStateError.`,
  },
  {
    ...refusedOnPhone(['peer-closed', 'ctap-error']),
    todo: 'Scan the QR code. When the phone asks, refuse: cancel, or close what it shows.',
    seen: 'Here, within seconds: NotAllowedError, and that the phone ended it.',
  },
  {
    ...outOfRange(['advert-timeout']),
    todo: 'Take a picture of the QR code with another device, go with it and the phone where Bluetooth does not reach, several rooms away, and scan the picture there. Or switch Bluetooth off on the phone, scan, and leave it off.',
    seen: 'The phone looks for the laptop, and gives up. Here: advert-timeout, with the cure: the phone has to be near.',
  },
  {
    ...networkCut([
      'peer-closed',
      'response-timeout',
      'handshake-timeout',
      'tunnel-timeout',
      'tunnel-unreachable',
      'tunnel-gone',
    ]),
    todo: 'Scan the QR code. When the phone asks, switch off its Wi-Fi and its mobile data, and then approve. Switch them on again afterwards.',
    seen: 'The phone says that the connection is lost. Here, perhaps after a while: peer-closed or response-timeout, and its cure.',
  },
  CODE_TWICE,
  {
    ...LARGE_REQUEST,
    todo: 'Scan the QR code, and approve.',
    seen: `The phone finds the passkey of ${ADA} in a list of 64. ${HERE_VERIFIED}`,
  },
  REMEMBERED,
  DIGITAL,
]
