import { browserWindow } from './browser-window.js'
import { cards, checklist, instructions } from './cards.js'
import type { Ceremony } from './ceremony.js'
import { button, element } from './element.js'
import { runCeremony } from './run-ceremony.js'
import { THIS_DEVICE } from './this-device.js'

/** The systems of phones, and where each lets an app keep passkeys. */
const SYSTEMS = {
  iphone: {
    name: 'iPhone or iPad',
    place: 'Settings, General, AutoFill & Passwords',
    needs: 'iOS 17 or later',
  },
  android: {
    name: 'Android phone',
    place: 'Settings, Passwords, passkeys & accounts, Additional providers',
    needs: 'Android 14 or later',
  },
} as const

type System = keyof typeof SYSTEMS

/** The site’s question where a new passkey is to be kept. */
export function choosePlace(ceremony: Ceremony): void {
  const { dialog } = ceremony
  const phone = (system: System) => ({
    drawing: 'phone' as const,
    name: SYSTEMS[system].name,
    explanation: `With ${SYSTEMS[system].needs}.`,
    choose: () => dialog.go(() => explainProvider(ceremony, system)),
  })
  const here = {
    drawing: THIS_DEVICE.isPhone ? ('phone' as const) : ('computer' as const),
    name: THIS_DEVICE.name,
    explanation: THIS_DEVICE.isPhone ? 'No other device is needed.' : 'No phone is needed.',
    choose: () => runCeremony(ceremony, { device: 'this-device' }),
  }
  dialog.show('Where should the passkey be kept?', [
    cards(THIS_DEVICE.isPhone ? [here] : [phone('iphone'), phone('android'), here]),
    dialog.footer(),
  ])
}

/** On the phone an app may keep passkeys only where its settings say so. */
function explainProvider(ceremony: Ceremony, system: System): void {
  const { dialog } = ceremony
  const { place } = SYSTEMS[system]
  dialog.show('Let your phone keep passkeys', [
    element('p', {}, 'The app that keeps your passkeys has to be turned on in the phone’s settings.'),
    instructions(
      `On the phone open ${place}.`,
      'Turn on the app that is to keep the passkey, such as Authenticator.',
      'Come back to this page.',
    ),
    element('p', { class: 'simulated' }, 'The virtual phone has this switch under its Settings; it is on.'),
    dialog.footer(button('Continue', () => dialog.go(() => remind(ceremony)), { class: 'primary' })),
  ])
}

/** What people miss in the windows that follow, which are not the site’s. */
function remind(ceremony: Ceremony): void {
  const { dialog } = ceremony
  dialog.show('Before you go on', [
    checklist(
      'Switch Bluetooth on, on this computer and on the phone: it shows that they are together.',
      'Both need the internet. They need not be in one network.',
      'The browser first offers to save the passkey on this computer. Choose “Save another way”, and then your phone.',
      'Keep this page open until it says that the passkey is ready. If you close it or load it again, the phone stops asking.',
    ),
    element(
      'p',
      { class: 'simulated' },
      'In this demo Bluetooth is simulated, and the phone is ',
      element('a', { href: '/phone', target: '_blank' }, 'a page of its own'),
      '.',
    ),
    dialog.footer(
      button('I understand', () => dialog.go(() => browserWindow(ceremony)), { class: 'primary' }),
    ),
  ])
}
