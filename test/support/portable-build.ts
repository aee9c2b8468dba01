import type { BuildOptions } from 'esbuild'
import { ADAPTER_TABLE } from './adapter-table.js'

/** How the entries for every runtime are bundled: for no platform at all. */
export const PORTABLE_BUILD: BuildOptions & { readonly write: false } = {
  bundle: true,
  write: false,
  platform: 'neutral',
  mainFields: ['module', 'main'],
  conditions: ['import'],
  logLevel: 'silent',
}

const PORTABLE_ADAPTERS = new Set(
  ADAPTER_TABLE.filter(({ runtime }) => runtime === 'any runtime').map(({ door }) => `adapters/${door}`),
)
/** The entries for every runtime. */
export const PORTABLE: readonly string[] = [
  'index',
  'wire',
  'noise',
  'session',
  'virtual',
  'web',
  'credentials',
  'electron/main',
  'electron/preload',
  ...PORTABLE_ADAPTERS,
]
