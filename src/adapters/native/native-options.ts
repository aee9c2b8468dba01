import type { Clock } from '../../ports/clock.js'
import { systemClock } from '../system/system.js'

/** What the adapters for noble and bleno have in common. */
export interface NativeOptions {
  /**
   * Whose package to load; `@stoprocent`, else `@abandonware` unless given. On Windows `@abandonware/noble` hands on no service data
   * and is refused.
   */
  readonly family?: '@abandonware' | '@stoprocent' | undefined
  /**
   * A path or file URL beside which the package is looked for first, such as `__filename` of a program that is bundled. Then: beside this
   * library, beside the program, in the working folder.
   */
  readonly packagesFrom?: string | undefined
  /** How long it may take to be on the air, ms; default 5000. */
  readonly startTimeoutMs?: number | undefined
  /**
   * How long the adapter may be away while the radio is in use, ms; default 5000. With 0 the first interruption ends the use.
   */
  readonly maxInterruptionMs?: number | undefined
  /** For tests. */
  readonly clock?: Clock | undefined
  /** For tests: on which system; this machine’s unless given. */
  readonly platform?: string | undefined
}

/** Options with their defaults. */
export interface NativeSettings {
  /** Packages to try, in order. */
  readonly packages: readonly string[]
  /** Packages that are refused by name where nothing else is installed. */
  readonly unfit: readonly string[]
  readonly packagesFrom: string | undefined
  readonly startTimeoutMs: number
  readonly maxInterruptionMs: number
  readonly clock: Clock
}

/** In this order. */
const FAMILIES = ['@stoprocent', '@abandonware'] as const
const DEFAULT_START_TIMEOUT_MS = 5000
const DEFAULT_MAX_INTERRUPTION_MS = 5000

/** @param name of the package within its family. */
export function nativeSettings(name: 'noble' | 'bleno', options: NativeOptions): NativeSettings {
  const packages = nativePackages(name, options.family)
  const { platform = process.platform } = options
  return {
    packages: packages.filter(each => !isUnfit(each, platform)),
    unfit: packages.filter(each => isUnfit(each, platform)),
    packagesFrom: options.packagesFrom,
    startTimeoutMs: options.startTimeoutMs ?? DEFAULT_START_TIMEOUT_MS,
    maxInterruptionMs: options.maxInterruptionMs ?? DEFAULT_MAX_INTERRUPTION_MS,
    clock: options.clock ?? systemClock,
  }
}

/** The packages of that name, in the order in which they are tried. */
export function nativePackages(name: 'noble' | 'bleno', family?: NativeOptions['family']): readonly string[] {
  return (family === undefined ? FAMILIES : [family]).map(each => `${each}/${name}`)
}

/** Whether a package cannot do there what it is for: @abandonware/noble reads no service data on Windows (protocol.md 26). */
export function isUnfit(packageName: string, platform: string): boolean {
  return platform === 'win32' && packageName === '@abandonware/noble'
}
