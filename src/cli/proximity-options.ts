import { airAdvertiser, airScanner } from '../adapters/air-client.js'
import { lineAdvertiser, stdinScanner } from '../adapters/lines.js'
import { UnsupportedError } from '../errors.js'
import type { BleAdvertiser, BleScanner } from '../ports/ble.js'
import { badUsage, checkUsage } from './failure.js'
import type { Output } from './output.js'
import type { TextSource } from './surroundings.js'

const AIR = 'air:'
const SCAN_RADIOS = ['auto', 'bluez', 'noble']
const ADVERTISE_RADIOS = ['auto', 'bluez', 'bleno']

export const SCAN_HELP =
  'how to hear the phone: air:URL (a lab’s hub), stdin (lines "fff9 HEX"), auto|bluez|noble'
export const ADVERTISE_HELP = 'how to be heard: air:URL (a lab’s hub), stdout (a JSON line), auto|bluez|bleno'

/**
 * Chooses what `--scan` names.
 * @throws UnsupportedError `capability-missing` for radios. @throws CommandLineError for anything else.
 */
export function chooseScanner(name: string, stdin: TextSource): BleScanner {
  if (name === 'stdin') return stdinScanner(stdin)
  if (name.startsWith(AIR)) return checkUsage(() => airScanner(name.slice(AIR.length)))
  if (SCAN_RADIOS.includes(name)) throw noRadio('scan', name, 'air:URL or stdin')
  throw badUsage(`--scan takes air:URL, stdin, ${SCAN_RADIOS.join(', ')}, not ${name}`)
}

/** Chooses what `--advertise` names. @throws like `chooseScanner`. */
export function chooseAdvertiser(name: string, output: Output): BleAdvertiser {
  if (name === 'stdout') {
    return lineAdvertiser(line => {
      output.line(line)
    })
  }
  if (name.startsWith(AIR)) return checkUsage(() => airAdvertiser(name.slice(AIR.length)))
  if (ADVERTISE_RADIOS.includes(name)) throw noRadio('advertise', name, 'air:URL or stdout')
  throw badUsage(`--advertise takes air:URL, stdout, ${ADVERTISE_RADIOS.join(', ')}, not ${name}`)
}

function noRadio(option: string, name: string, instead: string): UnsupportedError {
  return new UnsupportedError(
    'capability-missing',
    `--${option} ${name}: Bluetooth adapters are not part of this version; use --${option} ${instead}`,
  )
}
