import type { HybridError } from '../../errors.js'
import type { Environment } from './environment.js'
import { cureOfCapabilities, cureOfPackage, isNative } from './native-findings.js'
import type { Remote } from './remote.js'
import type { Sandbox } from './sandbox.js'

type Code = HybridError['code']

/** Where a command runs. */
interface Surroundings {
  readonly sandbox?: Sandbox | undefined
  readonly remote?: Remote | undefined
}

/** Cures for a radio on systems where they are in the settings. */
const SETTINGS: Readonly<Partial<Record<NodeJS.Platform, Readonly<Partial<Record<Code, string>>>>>> = {
  darwin: {
    'bluetooth-unauthorised':
      'Open System Settings > Privacy & Security > Bluetooth, and allow the terminal (or the app) that runs this.',
    'bluetooth-off': 'Switch Bluetooth on in the Control Centre or in System Settings > Bluetooth.',
  },
  win32: {
    'bluetooth-unavailable':
      'Plug in or enable an adapter with Bluetooth Low Energy; see Settings > Bluetooth & devices.',
    'bluetooth-off': 'Switch Bluetooth on under Settings > Bluetooth & devices.',
  },
}

/** The cure for an adapter other than BlueZ, where more is known than its error says. */
export function radioCure(
  name: string,
  { code }: Pick<HybridError, 'code'>,
  environment: Environment,
  { sandbox, remote }: Surroundings,
): string | undefined {
  if (!isNative(name)) return undefined
  if (code === 'package-missing' || code === 'package-unfit') return cureOfPackage(name, environment)
  if (code === 'bluetooth-unauthorised' && environment.platform === 'linux')
    return cureOfCapabilities(environment, sandbox)
  if (code === 'bluetooth-unauthorised' && environment.platform === 'darwin' && remote === 'ssh')
    return 'Start it once in a terminal on the machine itself, and allow it there: macOS does not ask over SSH.'
  return SETTINGS[environment.platform]?.[code]
}
