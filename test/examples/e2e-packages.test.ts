import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

interface Manifest {
  readonly version: string
  readonly devDependencies: Readonly<Record<string, string>>
}

const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(new URL(`../../${folder}package.json`, import.meta.url), 'utf8')) as Manifest

test('the example of tests in browsers names the versions that it is tested with', () => {
  const { version, devDependencies: ours } = manifestOf('')
  const { 'fido-hybrid': own, ...others } = manifestOf('examples/e2e/').devDependencies
  expect(own).toBe(`^${version}`)
  expect(ours).toMatchObject(others)
})
