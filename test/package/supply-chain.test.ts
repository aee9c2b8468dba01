import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

interface Locked {
  readonly integrity?: string
  readonly resolved?: string
  readonly license?: string
  readonly dev?: boolean
}

const { scripts } = readJson<{ scripts: Record<string, string> }>('package.json')
const lockfiles = ['package-lock.json', 'fixtures/native/package-lock.json']

/** Scripts that npm would run by itself on a user’s machine. */
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish']
const PERMISSIVE = /^\(?(?:MIT|ISC|0BSD|BSD-[23]-Clause|BlueOak-1\.0\.0|Apache-2\.0)(?: OR [\w.-]+\))?$/

it('has no install scripts of its own, and runs nobody else’s', () => {
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

it('brings nothing to its users that is not under a permissive licence', () => {
  const { packages } = readJson<{ packages: Record<string, Locked> }>('package-lock.json')
  const shipped = Object.entries(packages).filter(([, { dev }]) => dev !== true)
  const others = shipped.filter(([, { license = '' }]) => !PERMISSIVE.test(license))
  expect(others.map(([name, { license }]) => `${name}: ${license ?? 'none'}`)).toEqual([])
})

function readJson<Shape>(path: string): Shape {
  return JSON.parse(readFileSync(path, 'utf8')) as Shape
}
