import type { BuildOptions } from 'esbuild'

/** How the entries for every runtime are bundled: for no platform at all. */
export const PORTABLE_BUILD: BuildOptions & { readonly write: false } = {
  bundle: true,
  write: false,
  platform: 'neutral',
  mainFields: ['module', 'main'],
  conditions: ['import'],
  logLevel: 'silent',
}
