import { arch, cpus, loadavg, platform } from 'node:os'
import type { Machine } from './result.js'

/** Load averages of this machine over one minute; 0 where the system keeps none. */
export const load = (): number => Math.round((loadavg()[0] ?? 0) * 100) / 100

/** This machine and what runs on it. */
export function describeMachine(loadBefore: number): Machine {
  const cores = cpus()
  return {
    node: process.version,
    openssl: process.versions.openssl,
    v8: process.versions.v8,
    platform: `${platform()} ${arch()}`,
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    load: [loadBefore, load()],
  }
}
