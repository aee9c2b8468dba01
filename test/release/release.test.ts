import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { beforeEach, expect, test } from 'vitest'
import { Program } from '../support/program.js'
import type { Ending } from '../support/program.js'
import { useFolderPerTest } from '../support/test-folder.js'

const UNRELEASED = '# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A thing.\n'
const CUT = '# Changelog\n\n## [Unreleased]\n\n## [0.5.0] - 2026-01-01\n\n- A thing.\n'

const folder = useFolderPerTest()

beforeEach(() => {
  cpSync('.config/release-it.json', folder.at('.config/release-it.json'))
  write('package.json', '{ "name": "some-package", "version": "0.5.0" }\n')
  mkdirSync(folder.at('examples/e2e'), { recursive: true })
  write('examples/e2e/package.json', '{ "devDependencies": { "fido-hybrid": "^0.5.0" } }\n')
  write('CHANGELOG.md', UNRELEASED)
  git('init', '--quiet', '--initial-branch', 'main')
  git('add', '.')
  git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '--quiet', '--message', 'Begin')
})

function write(path: string, text: string): void {
  writeFileSync(folder.at(path), text)
}

function read(path: string): string {
  return readFileSync(folder.at(path), 'utf8')
}

function git(...args: readonly string[]): string {
  return spawnSync('git', args, { cwd: folder.path, encoding: 'utf8' }).stdout
}

function release(...args: readonly string[]): Promise<Ending> {
  return new Program('.config/release.ts', { args, cwd: folder.path }).ending()
}

test('a dry run says what would be done, and does nothing', async () => {
  const { code, stdout, stderr } = await release('--dry-run')
  expect(code).toBe(0)
  expect(stdout).toContain('some-package (0.5.0...0.6.0)')
  expect(stdout).toContain('- A thing.')
  const steps = Array.from(`${stdout}\n${stderr}`.matchAll(/^! (.+)$/gm), ([, step = '']) => step)
  expect(steps).toEqual([
    'npm run check',
    'npm run check:package',
    'npm run check:api',
    'git fetch',
    expect.stringMatching(/^npm version 0\.6\.0 /),
    'npm pkg set --prefix examples/e2e devDependencies.fido-hybrid=^0.6.0',
    'npm run build',
    'npm pack --dry-run',
    'git add . --update',
    'git commit --message Release 0.6.0',
    'git tag --annotate --message Release 0.6.0 v0.6.0',
  ])
  expect(stderr).toContain('npm publish --provenance')
  expect(stderr).toContain('no "repository", "homepage", "bugs"')
  expect(git('status', '--short')).toBe('')
  expect(git('tag')).toBe('')
})

test('a dry run of a prepared version tags it', async () => {
  write('CHANGELOG.md', CUT)
  const { code, stdout, stderr } = await release('--dry-run')
  expect(code).toBe(0)
  expect(`${stdout}${stderr}`).toContain('! git tag --annotate --message Release 0.5.0 v0.5.0')
  expect(stderr).not.toContain('npm version')
})

test('preparing a version changes it and the changelog, and commits nothing', async () => {
  const names = ['check', 'check:package', 'check:api', 'build']
  const scripts = Object.fromEntries(names.map(name => [name, `echo ${name} >> ran`]))
  write('package.json', JSON.stringify({ name: 'some-package', version: '0.5.0', scripts }))
  expect(await release('minor', '--prepare')).toMatchObject({ code: 0 })
  expect(read('ran')).toBe(`${names.join('\n')}\n`)
  expect(JSON.parse(read('package.json'))).toMatchObject({ version: '0.6.0' })
  expect(JSON.parse(read('examples/e2e/package.json'))).toEqual({
    devDependencies: { 'fido-hybrid': '^0.6.0' },
  })
  expect(read('CHANGELOG.md')).toMatch(
    /^# Changelog\n\n## \[Unreleased\]\n\n## \[0\.6\.0\] - \d{4}-\d\d-\d\d\n\n### Added\n\n- A thing\.\n$/,
  )
  expect(git('log', '--format=%s')).toBe('Begin\n')
})

test('a release stops where the owner has not filled in the addresses', async () => {
  const { code, stdout, stderr } = await release('minor')
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toContain('Left to fill in')
  expect(read('CHANGELOG.md')).toBe(UNRELEASED)
})

test('what it does not understand shows how it is called', async () => {
  expect(await release('smal')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Usage: ') as string,
  })
})
