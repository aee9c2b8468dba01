import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import type { Plugin } from 'esbuild'
import { CORE_ROOMS } from './core-rooms.js'
import { ENTRIES } from './package-files.js'

/** Sources that are kept in one file of the package. */
interface SharedFile {
  readonly holds: RegExp
  /** All that may load one of them: these load the whole file. Sources that others load, too, come into a file of their own. */
  readonly seenBy: RegExp
}

const BASE_ROOMS = ['bytes', 'crypto', 'ports', 'async']
/** What brings packages along, and so stays in files of its own. */
const WITH_PACKAGES = /^src\/crypto\/noble-/

const PORTABLE_ADAPTERS =
  'system|fallback|web-socket|sockets/(?!listen|server-identity)|air/(?!air-hub|air-client|lines|loopback-channels)|stores/(codec|fields|json|kept|memory|record|[a-z]+-record)'
const NODE_ADAPTERS =
  'bleno|bluez|l2cap|native|noble|proxy|sockets/server-identity|ws|air/(air-client|lines|loopback-channels)|stores/(file|private|process|store-format|credential-file|identity-file)'

const SHARED_FILES: ReadonlyMap<string, SharedFile> = new Map([
  [
    'shared:base',
    { holds: matching(['errors', 'error-catalogue', 'status-cures', ...foldersOf(BASE_ROOMS)]), seenBy: /./ },
  ],
  [
    'shared:core',
    {
      holds: matching([...foldersOf([...CORE_ROOMS, 'digital']), 'webauthn/(web-idl|public-suffix-list)']),
      seenBy: /^src\/(?!adapters|crypto)/,
    },
  ],
  [
    'shared:roles',
    {
      holds: matching(foldersOf(['webauthn', 'driver', 'client', 'authenticator'])),
      seenBy: matching([
        'client',
        'authenticator',
        'credentials',
        'index',
        'node',
        'testing',
        'trace',
        'page',
        'electron',
        'cli',
      ]),
    },
  ],
  [
    'shared:portable-adapters',
    {
      holds: matching([`adapters/(${PORTABLE_ADAPTERS})`]),
      seenBy: /^src\/(?!crypto|wire|noise|session|adapters\/(qrcode|qr-picture|node-crypto))/,
    },
  ],
  [
    'shared:node-adapters',
    {
      holds: matching([`adapters/(${NODE_ADAPTERS})`]),
      seenBy: matching([`adapters/(${NODE_ADAPTERS}|directory|nats|redis)`, 'node', 'page', 'cli']),
    },
  ],
  [
    'shared:cli',
    {
      holds:
        /^src\/cli\/(?!main|commands)(\w+|client\/qr-(display|file)|options\/(chosen|data-channel|given|link|preconnect|proximity|store|trace|tunnel)|text\/(colors|iso-time|link|printable|qr-screen|steps|wrapped))\.ts$/,
      seenBy: /^src\/cli/,
    },
  ],
])

/** Loads the rest of the program after it made the start of that fast. */
const STARTER = 'src/cli.ts'

/**
 * Keeps what many entries share in few files. Left alone, esbuild makes one for each set of entries that has something in common, and
 * a program waits longer for dozens of small files than for all the code in them.
 */
export const sharedFiles: Plugin = {
  name: 'shared-files',
  setup(build) {
    const held = heldSources()
    const entries = new Set(Object.values(ENTRIES))
    const isHeld = new Set([...held.values()].flat())
    build.onResolve({ filter: /^shared:/ }, ({ path }) => ({ path, namespace: 'shared' }))
    build.onLoad({ filter: /^/, namespace: 'shared' }, ({ path }) => ({
      contents: (held.get(path) ?? []).map(source => `export * from './${source}'\n`).join(''),
      resolveDir: process.cwd(),
    }))
    build.onLoad({ filter: /\/src\/.*\.ts$/ }, async ({ path }) => {
      const source = relative('.', path)
      if (source === STARTER || (isHeld.has(source) && !entries.has(source))) return undefined
      const seen = [...SHARED_FILES].filter(([, { seenBy }]) => seenBy.test(source))
      const imports = seen.map(([name]) => `import '${name}'\n`)
      return { contents: (await readFile(path, 'utf8')) + imports.join(''), loader: 'ts' }
    })
  },
}

/** A source that two would hold is in the first. */
function heldSources(): ReadonlyMap<string, readonly string[]> {
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .map(name => `src/${name.replaceAll('\\', '/')}`)
    .filter(path => path.endsWith('.ts') && !path.endsWith('.d.ts') && !WITH_PACKAGES.test(path))
  const homeOf = (source: string): string | undefined =>
    [...SHARED_FILES].find(([, { holds }]) => holds.test(source))?.[0]
  return new Map(
    Array.from(SHARED_FILES.keys(), name => [name, sources.filter(source => homeOf(source) === name)]),
  )
}

function foldersOf(rooms: readonly string[]): string[] {
  return rooms.map(room => `${room}/`)
}

/** @param beginnings of paths in `src`. */
function matching(beginnings: readonly string[]): RegExp {
  return new RegExp(`^src/(${beginnings.join('|')})\\b`)
}
