import { readdirSync, readFileSync } from 'node:fs'
import { basename, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Plugin } from 'esbuild'
import { CORE_ROOMS } from '../../../.config/core-rooms.js'
import { PORTABLE_BUILD } from '../../support/portable-build.js'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** The rooms that must run in a page, but for `bytes`, which has its tests in theirs. */
export const ROOMS_IN_PAGES: readonly string[] = CORE_ROOMS.filter(room => room !== 'bytes')

/** The test files of a room, such as `test/qr/url.test`. */
export function suitesOf(room: string): readonly string[] {
  const names = readdirSync(`${ROOT}/test`, { recursive: true, encoding: 'utf8' })
  return names
    .filter(name => name.startsWith(`${room}/`) && name.endsWith('.test.ts'))
    .map(name => `test/${name.slice(0, -'.ts'.length)}`)
    .sort()
}

/**
 * The portable entries, the tests of the core rooms as they are, and the page’s `main.js`, bundled for no platform; the
 * modules that they share are the same for all. @returns file names and text.
 */
export async function buildCoreScripts(): Promise<ReadonlyMap<string, string>> {
  const suites = ROOMS_IN_PAGES.flatMap(suitesOf)
  const { outputFiles } = await build({
    ...PORTABLE_BUILD,
    absWorkingDir: ROOT,
    entryPoints: {
      main: 'test/browser/page/main.ts',
      wire: 'src/wire.ts',
      noise: 'src/noise.ts',
      session: 'src/session.ts',
      ...Object.fromEntries(suites.map(suite => [suite, `${suite}.ts`])),
    },
    outdir: ROOT,
    splitting: true,
    format: 'esm',
    plugins: [forPages],
  })
  return new Map(outputFiles.map(({ path, text }) => [relative(ROOT, path), text]))
}

/** What the tests take from Node, and what stands in its place in a page. */
const STAND_INS: Readonly<Record<string, () => string>> = {
  './support/fixture.js': () =>
    `const FIXTURES = ${JSON.stringify(allFixtures())}
    export const fixture = name => structuredClone(FIXTURES[name])`,
  './support/providers.js': () =>
    `import { nobleProvider } from './src/crypto/noble-provider.js'
    export const providers = [nobleProvider]`,
  'node:util': () => onlyInNode('inspect'),
  'node:crypto': () =>
    onlyInNode('createHash', 'createHmac', 'createPublicKey', 'createSecretKey', 'generateKeyPairSync'),
}

const forPages: Plugin = {
  name: 'for-pages',
  setup(builder) {
    builder.onResolve(
      { filter: /^node:|^\.\.\/support\/(?:fixture|providers)\.js$|^\.\/fixture\.js$/ },
      ({ path }) => ({
        path: path.startsWith('node:') ? path : `./support/${basename(path)}`,
        namespace: 'for-pages',
      }),
    )
    builder.onLoad({ filter: /.*/, namespace: 'for-pages' }, ({ path }) => ({
      contents: STAND_INS[path]?.() ?? '',
      resolveDir: ROOT,
    }))
  },
}

function onlyInNode(...names: readonly string[]): string {
  return names
    .map(name => `export const ${name} = () => { throw new Error('only in Node: ${name}') }`)
    .join('\n')
}

function allFixtures(): Readonly<Record<string, unknown>> {
  const names = readdirSync(`${ROOT}/fixtures`).filter(name => name.endsWith('.json'))
  return Object.fromEntries(
    names.map(name => [
      basename(name, '.json'),
      JSON.parse(readFileSync(`${ROOT}/fixtures/${name}`, 'utf8')) as unknown,
    ]),
  )
}
