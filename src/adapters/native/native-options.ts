import type { Clock } from '../../ports/clock.js'
import { systemClock } from '../system/system.js'

/** What the adapters for noble and bleno have in common. */
export interface NativeOptions {
  /** Whose package to load; default: `@abandonware`, else `@stoprocent`. */
  readonly family?: '@abandonware' | '@stoprocent' | undefined
  /** How long it may take to be on the air, ms; default 5000. */
  readonly startTimeoutMs?: number | undefined
  /** For tests. */
  readonly clock?: Clock | undefined
}

/** Options with their defaults. */
export interface NativeSettings {
  /** Packages to try, in order. */
  readonly packages: readonly string[]
  readonly startTimeoutMs: number
  readonly clock: Clock
}

const FAMILIES = ['@abandonware', '@stoprocent'] as const
const DEFAULT_START_TIMEOUT_MS = 5000

/** @param name of the package within its family. */
export function nativeSettings(name: 'noble' | 'bleno', options: NativeOptions): NativeSettings {
  const families = options.family === undefined ? FAMILIES : [options.family]
  return {
    packages: families.map(family => `${family}/${name}`),
    startTimeoutMs: options.startTimeoutMs ?? DEFAULT_START_TIMEOUT_MS,
    clock: options.clock ?? systemClock,
  }
}
