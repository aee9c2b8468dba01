import { realpathSync } from 'node:fs'
import { readFile, readdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { whyNoL2cap } from '../../adapters/l2cap/readiness.js'
import type { HybridError } from '../../errors.js'
import { askBluez } from './bluez-report.js'
import type { BluezReport } from './bluez-report.js'

/** The machine around the program, as far as Bluetooth depends on it: looked at, never changed. Tests play it. */
export interface Environment {
  readonly platform: NodeJS.Platform
  /** The Node binary, without links on the way. */
  readonly nodePath: string
  /** The text of a file; undefined when it cannot be read. */
  read(path: string): Promise<string | undefined>
  /** The names in a folder; none when it cannot be read. */
  list(path: string): Promise<readonly string[]>
  isInstalled(packageName: string): boolean
  askBluez(): Promise<BluezReport>
  /** Undefined where data channels over Bluetooth can be made. */
  whyNoDataChannel(): Promise<HybridError | undefined>
}

/** The real machine. */
export function nodeEnvironment(): Environment {
  return {
    platform: process.platform,
    nodePath: realpathSync(process.execPath),
    read: path => readFile(path, 'utf8').catch(() => undefined),
    list: path => readdir(path).catch(() => []),
    isInstalled,
    askBluez,
    whyNoDataChannel: whyNoL2cap,
  }
}

function isInstalled(packageName: string): boolean {
  try {
    createRequire(import.meta.url).resolve(packageName)
    return true
  } catch {
    return false
  }
}
