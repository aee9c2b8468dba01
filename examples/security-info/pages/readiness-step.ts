import type { Finding } from '../wire/ceremony.js'
import type { Readiness } from '../wire/laptop.js'
import type { Ceremony } from './ceremony.js'
import { button, element } from './element.js'
import { icon } from './icons.js'
import { runCeremony } from './run-ceremony.js'
import { ask } from './server.js'

/** Looks whether a phone could be reached, before anybody scans in vain. */
export async function checkReadiness(ceremony: Ceremony): Promise<void> {
  const { dialog } = ceremony
  const isHere = dialog.here()
  dialog.wait('Looking at this computer')
  const again = (): void => dialog.replace(() => void checkReadiness(ceremony))
  try {
    const { findings } = await ask<Readiness>('POST', '/laptop/ready')
    if (isHere()) showFindings(ceremony, findings, again)
  } catch (error) {
    if (isHere()) dialog.showTrouble(error, again)
  }
}

function showFindings(ceremony: Ceremony, findings: readonly Finding[], again: () => void): void {
  const { dialog } = ceremony
  const isReady = findings.every(({ ok }) => ok)
  const next = isReady
    ? button('Show the QR code', () => runCeremony(ceremony, { device: 'phone' }), { class: 'primary' })
    : button('Check again', again, { class: 'primary' })
  dialog.show(isReady ? 'Everything is ready' : 'Something is missing', [
    element('ul', { class: 'findings' }, ...findings.map(findingItem)),
    dialog.footer(next),
  ])
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
