import tsconfig from '../tsconfig.json' with { type: 'json' }

const MAIN_ENTRIES = [
  'index',
  'wire',
  'noise',
  'session',
  'node',
  'web',
  'virtual',
  'service',
  'credentials',
  'testing',
  'trace',
  'page',
  'electron/main',
  'electron/preload',
  'cli',
]

/** Packages of which we take a part into our own files: users need not install them. */
export const BUILT_IN: readonly string[] = ['qrcode']

/** The doors of `src/adapters`, by the name they are imported by: `adapters/air-hub`. `paths` in tsconfig.json list them. */
export const ADAPTER_DOORS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(tsconfig.compilerOptions.paths)
    .filter(([name]) => name.startsWith('fido-hybrid/adapters/'))
    .map(([name, [source = '']]) => [name.slice('fido-hybrid/'.length), source.slice('./'.length)]),
)

/** The package’s entries: where each is in `dist`, without `.js`, and its source. */
export const ENTRIES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(MAIN_ENTRIES.map(name => [name, `src/${name}.ts`])),
  ...ADAPTER_DOORS,
}

const { cli: _command, ...library } = ENTRIES

/** The entries that programs import. */
export const LIBRARY: Readonly<Record<string, string>> = library
