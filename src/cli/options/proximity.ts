import { airAdvertiser, airDevice, airScanner } from '../../adapters/air/air-client.js'
import { blenoAdvertiser } from '../../adapters/bleno/bleno.js'
import { bluezAdvertiser, bluezScanner } from '../../adapters/bluez/bluez.js'
import type { BluezOptions } from '../../adapters/bluez/bluez.js'
import { lineAdvertiser, stdinScanner } from '../../adapters/air/lines.js'
import { nobleScanner } from '../../adapters/noble/noble.js'
import type { BleAdvertiser, BleScanner } from '../../ports/ble.js'
import { badUsage, checkUsage } from '../failure.js'
import type { Output } from '../output.js'
import type { TextSource } from '../surroundings.js'

const AIR = 'air:'

const BLUEZ = /^bluez(?::(?<adapter>hci\d{1,5}))?$/

export const SCAN_HELP =
  'how to hear the phone: air:URL (a lab’s hub), stdin (lines "fff9 HEX"), auto|bluez|bluez:hciN|noble'
export const UNPROVEN_HELP =
  'let a simulated radio use a tunnel service on another machine, without proof that the other device is near'
export const ADVERTISE_HELP =
  'how to be heard: air:URL (a lab’s hub), stdout (a JSON line), auto|bluez|bluez:hciN|bleno'

/** Whether the name means BlueZ, with any of its adapters. */
export function isBluez(name: string): boolean {
  return BLUEZ.test(name)
}

function bluezOptions(name: string): BluezOptions {
  return { adapter: BLUEZ.exec(name)?.groups?.['adapter'] }
}

/** The machine at an air hub that the name means; undefined for a name of another kind. @throws CommandLineError. */
export function chooseAirDevice(name: string): ReturnType<typeof airDevice> | undefined {
  return name.startsWith(AIR) ? checkUsage(() => airDevice(name.slice(AIR.length))) : undefined
}

/** Chooses what `--scan` names; undefined leaves it to the platform. @throws CommandLineError for what it does not know. */
export function chooseScanner(name: string, stdin: TextSource): BleScanner | undefined {
  if (name === 'stdin') return stdinScanner(stdin)
  if (name.startsWith(AIR)) return checkUsage(() => airScanner(name.slice(AIR.length)))
  if (name === 'auto') return undefined
  if (isBluez(name)) return bluezScanner(bluezOptions(name))
  if (name === 'noble') return nobleScanner()
  throw badUsage(`--scan takes air:URL, stdin, auto, bluez, bluez:hciN, noble, not ${name}`)
}

/** Chooses what `--advertise` names. @throws like `chooseScanner`. */
export function chooseAdvertiser(name: string, output: Output): BleAdvertiser | undefined {
  if (name === 'stdout') {
    return lineAdvertiser(line => {
      output.line(line)
    })
  }
  if (name.startsWith(AIR)) return checkUsage(() => airAdvertiser(name.slice(AIR.length)))
  if (name === 'auto') return undefined
  if (isBluez(name)) return bluezAdvertiser(bluezOptions(name))
  if (name === 'bleno') return blenoAdvertiser()
  throw badUsage(`--advertise takes air:URL, stdout, auto, bluez, bluez:hciN, bleno, not ${name}`)
}
