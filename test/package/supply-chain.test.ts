import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { FreshProject } from '../support/fresh-project.js'
import { packPackage } from '../support/packed-package.js'
import { useFolderPerFile } from '../support/test-folder.js'

interface Locked {
  readonly integrity?: string
  readonly resolved?: string
  readonly dev?: boolean
}

interface Manifest {
  readonly name: string
  readonly license?: string
}

const { scripts } = readJson<{ scripts: Record<string, string> }>('package.json')
const lockfiles = [
  '.',
  'test/native',
  'test/fuzz',
  'test/bundlers',
  'test/runtimes',
  'examples/electron',
].map(folder => `${folder}/package-lock.json`)

/** Scripts that npm would run by itself on a user’s machine. */
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish']
/** The package itself, its dependencies, and what those bring. */
const FOLDERS = 19
const KEYS_OUT_OF_ORDER = 'a202010102'
const PERMISSIVE = /^\(?(?:MIT|ISC|0BSD|BSD-[23]-Clause|BlueOak-1\.0\.0|Apache-2\.0)(?: OR [\w.-]+\))?$/

it('has no install scripts, and runs none of other packages', () => {
  expect(Object.keys(scripts).filter(name => INSTALL_SCRIPTS.includes(name))).toEqual([])
  expect(readFileSync('.npmrc', 'utf8')).toContain('ignore-scripts=true\n')
})

describe.each(lockfiles)('%s', path => {
  const packages = Object.entries(readJson<{ packages: Record<string, Locked> }>(path).packages)
  const dependencies = packages.filter(([name]) => name !== '')

  it('pins every dependency by its hash, wherever it comes from', () => {
    expect(dependencies.length).toBeGreaterThan(0)
    const loose = dependencies.filter(([, locked]) => locked.integrity?.startsWith('sha512-') !== true)
    expect(loose.map(([name]) => name)).toEqual([])
    expect(dependencies.filter(([, locked]) => locked.resolved !== undefined)).toEqual([])
  })
})

describe('in an empty project that allows scripts', () => {
  const root = useFolderPerFile()
  let project: FreshProject
  let unreachable: string | undefined
  beforeAll(async () => {
    project = await FreshProject.at(root.at('project'))
    unreachable = await project.install(await packPackage(root.at('packed')))
    if (unreachable !== undefined) process.stderr.write(`Installing is not tested: ${unreachable}.\n`)
  }, 180_000)

  const manifests = (): readonly Manifest[] =>
    installed(project.folder).map(folder => readJson(join(project.folder, folder, 'package.json')))

  it('shows the scripts of packages that have some', async () => {
    const watched = await FreshProject.at(root.at('watched'))
    await mkdir(root.at('noisy'))
    const manifest = { name: 'noisy', version: '1.0.0', scripts: { postinstall: 'true' } }
    await writeFile(root.at('noisy', 'package.json'), JSON.stringify(manifest))
    await watched.install(root.at('noisy'))
    expect(await watched.scripts()).toEqual(['noisy: postinstall'])
  })

  it('runs no script and builds nothing', async context => {
    context.skip(unreachable !== undefined, unreachable)
    expect(await project.scripts()).toEqual([])
    const built = readdirSync(project.folder, { recursive: true, encoding: 'utf8' }).filter(isBuilt)
    expect(built).toEqual([])
  })

  it('brings what the lockfile has for users, and how much of it is documented', context => {
    context.skip(unreachable !== undefined, unreachable)
    expect(installed(project.folder)).toHaveLength(FOLDERS)
    const { packages } = readJson<{ packages: Record<string, Locked> }>('package-lock.json')
    const locked = Object.entries(packages).filter(([path, { dev }]) => path !== '' && dev !== true)
    const names = new Set(['fido-hybrid', ...locked.map(([path]) => path.split('node_modules/').at(-1))])
    expect(new Set(manifests().map(({ name }) => name))).toEqual(names)
    expect(readFileSync('src/security.md', 'utf8')).toContain(` ${FOLDERS} folders`)
  })

  it('brings nothing that is not under a permissive licence', context => {
    context.skip(unreachable !== undefined, unreachable)
    const others = manifests().filter(({ license = '' }) => !PERMISSIVE.test(license))
    expect(others.map(({ name, license }) => `${name}: ${license ?? 'none'}`)).toEqual([])
  })

  it('brings the vectors with schemas and README, for any program to import', context => {
    context.skip(unreachable !== undefined, unreachable)
    const shipped = filesIn(join(project.folder, 'node_modules/fido-hybrid/fixtures'))
    expect(shipped).toEqual(filesIn('fixtures').filter(path => !path.startsWith('compute')))
    const imports = ['index', 'eid', 'schema/eid.schema'].map(
      (name, at) => `import file${at} from 'fido-hybrid/fixtures/${name}.json' with { type: 'json' }`,
    )
    const script = [...imports, 'console.log(file0.files.length, file1.$schema, file2.title)'].join('\n')
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: project.folder,
      encoding: 'utf8',
    })
    expect(stdout).toBe('16 schema/eid.schema.json fixtures/eid.json\n')
  })

  it('explains refused CBOR with the optional package cbor-x, and asks for it without', async context => {
    context.skip(unreachable !== undefined, unreachable)
    const inspect = (): Record<string, unknown> => {
      const command = join(project.folder, 'node_modules/.bin/fido-hybrid')
      const { stdout } = spawnSync(command, ['inspect', KEYS_OUT_OF_ORDER, '--json'], { encoding: 'utf8' })
      return JSON.parse(stdout) as Record<string, unknown>
    }
    expect(inspect()).toMatchObject({
      event: 'error',
      code: 'package-missing',
      message: expect.stringContaining('cbor-x') as string,
      cure: 'Install the package that the message names.',
    })
    await cp(resolve('node_modules/cbor-x'), join(project.folder, 'node_modules/cbor-x'), { recursive: true })
    expect(inspect()).toMatchObject({ event: 'inspected', kind: 'cbor-refused' })
  })
})

/** Folders of packages, as npm lists them. */
function installed(project: string): readonly string[] {
  const list = readJson<{ packages: object }>(join(project, 'node_modules/.package-lock.json'))
  return Object.keys(list.packages)
}

/** What compilers leave. */
function isBuilt(path: string): boolean {
  return /\.(?:node|o|so|dylib|dll|wasm|gyp|mk)$|(?:^|\/)(?:Makefile|build\/Release)$/.test(path)
}

function readJson<Shape>(path: string): Shape {
  return JSON.parse(readFileSync(path, 'utf8')) as Shape
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()
}
