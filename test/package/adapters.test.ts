import { readdirSync, readFileSync } from 'node:fs'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { ADAPTER_DOORS, BUILT_IN } from '../../.config/package-files.js'
import manifest from '../../package.json' with { type: 'json' }
import { ADAPTER_TABLE } from '../support/adapter-table.js'

const DOORS = Object.entries(ADAPTER_DOORS).map(([name, source]) => ({
  door: name.slice('adapters/'.length),
  source,
}))

const PORTS = [...readdirSync('src/ports').map(name => `src/ports/${name}`), 'src/crypto/provider.ts']
  .map(path => readFileSync(path, 'utf8'))
  .join('\n')

const packagesOf = (door: string): string[] =>
  ADAPTER_TABLE.filter(row => row.door === door).flatMap(({ packages }) => packages)

/** The packages that a door imports where it is bundled, but for the portable cryptography that every program has. */
async function importedBy(source: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [source],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    metafile: true,
  })
  return Object.values(metafile.outputs)
    .flatMap(({ imports }) => imports.map(({ path }) => path))
    .filter(path => !path.startsWith('node:') && !path.startsWith('@noble/'))
    .map(path => /^(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? path)
    .filter(name => !BUILT_IN.includes(name))
}

test('the table of adapters has every door of the package, and no other', () => {
  const named = new Set(ADAPTER_TABLE.map(({ door }) => door))
  expect([...named].toSorted()).toEqual(DOORS.map(({ door }) => door).toSorted())
})

test('a door is a file of its own name', () => {
  for (const { door, source } of DOORS) expect(source).toMatch(new RegExp(`/${door}\\.ts$`))
})

test('the table names ports that there are', () => {
  for (const { door, port } of ADAPTER_TABLE.filter(row => row.port !== ''))
    expect(PORTS, door).toContain(`export interface ${port} {`)
})

test('the table names packages that users can get with ours', () => {
  const known = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
  for (const { packages } of ADAPTER_TABLE) for (const name of packages) expect(known).toContain(name)
})

test.each(DOORS)('the table names the packages that $door imports', async ({ door, source }) => {
  for (const name of await importedBy(source)) expect(packagesOf(door)).toContain(name)
})
