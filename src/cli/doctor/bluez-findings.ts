import { ProximityError } from '../../errors.js'
import type { HybridError } from '../../errors.js'
import type { BluezReport } from './bluez-report.js'
import type { Environment } from './environment.js'
import { problem } from './finding.js'
import type { DoctorFinding } from './finding.js'
import { cureOfSandbox } from './sandbox.js'
import type { Sandbox } from './sandbox.js'

/** What the way to BlueZ may be like. */
export interface Surrounds {
  readonly sandbox: Sandbox | undefined
  /** Environment variable `DBUS_SYSTEM_BUS_ADDRESS`. */
  readonly busAddress: string | undefined
}

/** The way to an adapter step by step, up to the first that is missing. */
export async function bluezFindings(
  environment: Environment,
  surrounds: Surrounds,
): Promise<readonly DoctorFinding[]> {
  const report = await environment.askBluez()
  const { bus, service } = report
  if (bus !== undefined) return [problem('system-bus', bus, busCure(bus, surrounds))]
  const reached: DoctorFinding = { check: 'system-bus', ok: true, detail: 'the system bus answers' }
  if (service !== undefined)
    return [reached, problem('bluetooth-service', service, serviceCure(service, surrounds))]
  const answers: DoctorFinding = { check: 'bluetooth-service', ok: true, detail: 'bluetoothd answers' }
  return [reached, answers, ...(await adapterFindings(environment, report, surrounds))]
}

function busCure(error: HybridError, { sandbox, busAddress }: Surrounds): string {
  if (error.code === 'package-missing') return 'Run: npm install @jellybrick/dbus-next'
  if (busAddress !== undefined && busAddress !== '')
    return `Correct or unset the environment variable DBUS_SYSTEM_BUS_ADDRESS: it is ${busAddress}`
  if (sandbox !== undefined) return cureOfSandbox(sandbox)
  return error.code === 'bluetooth-unauthorised'
    ? 'Run this as a user whom the system bus admits.'
    : 'Run: sudo apt install bluez && sudo systemctl start dbus bluetooth (or as your system does it)'
}

function serviceCure(error: HybridError, { sandbox }: Surrounds): string {
  // A sandbox’s filter says that a service is not there when it means that it is not allowed.
  if (sandbox !== undefined) return cureOfSandbox(sandbox)
  return error.code === 'bluetooth-unauthorised'
    ? 'Run: sudo usermod -aG bluetooth $USER, and log in again; or ask the administrator of the bus policy for org.bluez.'
    : 'Run: sudo systemctl enable --now bluetooth (package bluez)'
}

async function adapterFindings(
  environment: Environment,
  { adapters }: BluezReport,
  { sandbox }: Surrounds,
): Promise<readonly DoctorFinding[]> {
  const names = adapters.map(({ name }) => name).join(', ')
  if (adapters.length === 0) {
    const error = new ProximityError('bluetooth-unavailable', 'BlueZ knows no Bluetooth adapter')
    const cure = sandbox?.kind === 'wsl' ? cureOfSandbox(sandbox) : await adapterCure(environment)
    return [problem('bluetooth-adapter', error, cure)]
  }
  const there: DoctorFinding = { check: 'bluetooth-adapter', ok: true, detail: names }
  const powered = adapters.filter(adapter => adapter.powered).map(({ name }) => name)
  if (powered.length > 0)
    return [there, { check: 'bluetooth-power', ok: true, detail: `${powered.join(', ')} on` }]
  const error = new ProximityError('bluetooth-off', `${names} switched off`)
  return [there, problem('bluetooth-power', error, await powerCure(environment))]
}

async function adapterCure(environment: Environment): Promise<string> {
  const known = await environment.list('/sys/class/bluetooth')
  return known.some(name => /^hci\d+$/.test(name))
    ? 'The kernel knows an adapter. Run: sudo systemctl restart bluetooth'
    : 'Plug in a Bluetooth adapter, switch it on in the firmware’s settings, or hand it to this virtual machine.'
}

async function powerCure(environment: Environment): Promise<string> {
  switch (await radioBlock(environment)) {
    case 'hard':
      return 'Switch Bluetooth on with the switch or the key of this machine; then run: bluetoothctl power on'
    case 'soft':
      return 'Run: rfkill unblock bluetooth && bluetoothctl power on'
    case undefined:
      return 'Run: bluetoothctl power on'
  }
}

/** Whether the kernel keeps the radio off: by a switch, or because a program asked it to. */
async function radioBlock(environment: Environment): Promise<'hard' | 'soft' | undefined> {
  const folder = '/sys/class/rfkill'
  const holds = async (path: string, text: string): Promise<boolean> =>
    (await environment.read(path))?.trim() === text
  let soft = false
  for (const name of await environment.list(folder)) {
    if (!(await holds(`${folder}/${name}/type`, 'bluetooth'))) continue
    if (await holds(`${folder}/${name}/hard`, '1')) return 'hard'
    soft ||= await holds(`${folder}/${name}/soft`, '1')
  }
  return soft ? 'soft' : undefined
}
