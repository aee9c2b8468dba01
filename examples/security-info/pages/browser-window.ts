import type { KnownPhone } from '../wire/laptop.js'
import { cards } from './cards.js'
import type { Card } from './cards.js'
import type { Ceremony } from './ceremony.js'
import { actions } from './steps-dialog.js'
import { button, element } from './element.js'
import { checkReadiness } from './readiness-step.js'
import { runCeremony } from './run-ceremony.js'
import { ask, messageOf } from './server.js'
import { THIS_DEVICE } from './this-device.js'

/** What the browser’s own window asks in real life: it offers this computer first. */
export function browserWindow(ceremony: Ceremony): void {
  const { dialog } = ceremony
  const here = (): void => runCeremony(ceremony, { device: 'this-device' })
  dialog.show(`Save a passkey for ${location.hostname}`, [
    playsBrowser(),
    element('p', {}, 'It will be saved on this computer.'),
    actions(button('Save another way', () => dialog.go(() => void choosePasskeyDevice(ceremony)))),
    dialog.footer(button('Save on this computer', here, { class: 'primary' })),
  ])
}

/** The devices that the browser knows: phones that it remembers, any other phone, and itself. */
export async function choosePasskeyDevice(ceremony: Ceremony): Promise<void> {
  const { dialog, kind } = ceremony
  const isHere = dialog.here()
  const phones = THIS_DEVICE.isPhone ? [] : await knownPhones()
  if (!isHere()) return
  const known = phones.map((phone): Card => ({
    drawing: 'phone',
    name: phone.name,
    explanation: 'This computer remembers it: no QR code is needed.',
    choose: () => runCeremony(ceremony, { device: 'phone', link: phone.id }),
  }))
  const other: Card = {
    drawing: 'scan',
    name: 'iPhone, iPad or Android device',
    explanation: 'You scan a QR code with it.',
    choose: () => dialog.go(() => void checkReadiness(ceremony)),
  }
  const here: Card = {
    drawing: THIS_DEVICE.isPhone ? 'phone' : 'computer',
    name: THIS_DEVICE.name,
    explanation: THIS_DEVICE.isPhone ? 'No other device is needed.' : 'No phone is needed.',
    choose: () => runCeremony(ceremony, { device: 'this-device' }),
  }
  dialog.show(kind === 'create' ? 'Choose where to save it' : 'Where is your passkey?', [
    playsBrowser(),
    cards(THIS_DEVICE.isPhone ? [here] : [...known, other, here]),
    phones.length === 0 ? undefined : forgetting(ceremony, phones),
    dialog.footer(),
  ])
}

function forgetting(ceremony: Ceremony, phones: readonly KnownPhone[]): HTMLElement {
  const { dialog } = ceremony
  const trouble = element('p', { class: 'form-trouble', role: 'alert' })
  const forget = (id: string): void =>
    void ask('DELETE', `/laptop/phones/${id}`).then(
      () => dialog.replace(() => void choosePasskeyDevice(ceremony)),
      (error: unknown) => trouble.replaceChildren(messageOf(error)),
    )
  const buttons = phones.map(({ id, name }) =>
    button(`Forget ${name}`, () => forget(id), { class: 'quiet danger' }),
  )
  return element(
    'details',
    { class: 'by-hand' },
    element('summary', {}, 'Forget a phone'),
    element(
      'p',
      { class: 'hint' },
      'This computer then asks for a QR code again. The phone is not told: forget the computer there, too.',
    ),
    ...buttons,
    trouble,
  )
}

async function knownPhones(): Promise<readonly KnownPhone[]> {
  return await ask<readonly KnownPhone[]>('GET', '/laptop/phones').catch(() => [])
}

function playsBrowser(): HTMLElement {
  return element('p', { class: 'plays' }, 'In real life this window is the browser’s.')
}
