import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import type { Plugin } from 'esbuild'
import tsconfig from '../tsconfig.json' with { type: 'json' }
import { CORE_ROOMS } from './core-rooms.js'

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
  'page',
  'electron/main',
  'electron/preload',
  'cli',
]
const ROLE_ROOMS = ['webauthn', 'driver', 'client', 'authenticator']
const ROLE_USERS = /^src\/(client|authenticator|credentials|index|node|testing|page|electron|cli)\b/
const BASE_FILES = ['src/errors.ts', 'src/error-catalogue.ts']
const BASE_ROOMS = ['bytes', 'crypto', 'ports', 'async']

/** Packages of which we take a part into our own files: users need not install them. */
export const BUILT_IN: readonly string[] = ['qrcode']

/** What brings packages along, and so stays in files of its own. */
const WITH_PACKAGES = /^src\/crypto\/noble-/

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

/** What adapters see, what all others see besides, and what all see that play a role. */
const SHARED: ReadonlyMap<string, readonly string[]> = new Map([
  ['shared:base', [...BASE_FILES, ...BASE_ROOMS.flatMap(sourcesIn)]],
  [
    'shared:core',
    [
      ...CORE_ROOMS.filter(room => !BASE_ROOMS.includes(room)).flatMap(sourcesIn),
      'src/webauthn/web-idl.ts',
      'src/webauthn/public-suffix-list.ts',
    ],
  ],
  ['shared:roles', ROLE_ROOMS.flatMap(sourcesIn)],
])

/**
 * Keeps the rooms that nearly all entries share in two files. Left alone, esbuild makes one for each set of entries that has
 * something in common, and a program waits longer for dozens of small files than for all the code in them.
 */
export const sharedRooms: Plugin = {
  name: 'shared-rooms',
  setup(build) {
    const shared = new Set([...SHARED.values()].flat())
    build.onResolve({ filter: /^shared:/ }, ({ path }) => ({ path, namespace: 'shared' }))
    build.onLoad({ filter: /^/, namespace: 'shared' }, ({ path }) => ({
      contents: (SHARED.get(path) ?? []).map(source => `export * from './${source}'\n`).join(''),
      resolveDir: process.cwd(),
    }))
    build.onLoad({ filter: /\/src\/.*\.ts$/ }, async ({ path }) => {
      const source = relative('.', path)
      if (shared.has(source)) return undefined
      const seen = seenBy(source)
      const imports = seen.map(specifier => `import '${specifier}'\n`)
      return { contents: (await readFile(path, 'utf8')) + imports.join(''), loader: 'ts' }
    })
  },
}

function seenBy(source: string): readonly string[] {
  if (/^src\/(adapters|crypto)\//.test(source)) return ['shared:base']
  if (source === 'src/cli.ts') return []
  return ROLE_USERS.test(source) ? [...SHARED.keys()] : ['shared:base', 'shared:core']
}

function sourcesIn(room: string): string[] {
  return readdirSync(`src/${room}`)
    .map(name => `src/${room}/${name}`)
    .filter(path => path.endsWith('.ts') && !WITH_PACKAGES.test(path))
}
