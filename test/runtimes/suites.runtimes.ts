import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect } from 'vitest'
import { CORE_ROOMS } from '../../.config/core-rooms.js'
import { bundleProgram, testEachEngine } from './engines.js'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** The rooms of ranks 0 to 5 that have tests of their own. */
const ROOMS = [...CORE_ROOMS.filter(room => room !== 'bytes'), 'async', 'webauthn']

/** What only the runner of our tests has, or packages that only Node runs. */
const NODE_ONLY =
  /\bvi\.|expect\.poll|toMatchFileSnapshot|from '(?:esbuild|node:vm|typescript|@simplewebauthn\/\w+)'|type-check/

const suites = ROOMS.flatMap(room =>
  readdirSync(at(`../${room}`))
    .filter(name => name.endsWith('.test.ts'))
    .map(name => `../${room}/${name}`),
).filter(path => !NODE_ONLY.test(readFileSync(at(path), 'utf8')))

const PROGRAM = `
import { runCollected } from 'vitest'
const { passed, failures } = await runCollected()
process.stdout.write(JSON.stringify({ passed, failures }))
`

let program: string
beforeAll(async () => {
  const contents = [...suites.map(path => `import '${path}'`), PROGRAM].join('\n')
  program = await bundleProgram('suites', {
    stdin: { contents, resolveDir: at('.'), loader: 'ts' },
    plugins: [
      {
        name: 'plain',
        setup: building => {
          building.onResolve({ filter: /^(vitest|fast-check)$/ }, ({ path, importer }) =>
            importer.endsWith('plain-fast-check.ts')
              ? { path, external: true }
              : { path: at(`plain-${path}.ts`) },
          )
        },
      },
    ],
  })
})

testEachEngine('passes the tests of the portable rooms', async engine => {
  expect(suites.length).toBeGreaterThan(45)
  const { passed, failures } = JSON.parse(await engine.run(program)) as {
    passed: number
    failures: readonly string[]
  }
  expect(failures).toEqual([])
  expect(passed).toBeGreaterThan(1500)
})
