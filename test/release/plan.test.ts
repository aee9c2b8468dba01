import { describe, expect, test } from 'vitest'
import { againstTag, leftForOwner } from '../../.config/release-check.js'
import { releasePlan } from '../../.config/release-plan.js'

const HERE = { hasRemote: false, isPrepared: false }
const OWNED = { repository: {}, homepage: '', bugs: {} }

describe('the command line of npm run release', () => {
  test.each([
    [['minor'], ['minor']],
    [['0.3.0'], ['0.3.0']],
    [['1.0.0-beta.1'], ['1.0.0-beta.1']],
    [['current'], ['--no-increment']],
    [
      ['patch', '--prepare'],
      ['patch', '--no-git'],
    ],
  ])('%j', (words, args) => {
    expect(releasePlan(words, HERE)?.args.slice(3)).toEqual(args)
  })

  test.each([
    [[]],
    [['--prepare']],
    [['small']],
    [['1.0']],
    [['minor', 'patch']],
    [['minor', '--force']],
    [['minor', '--dry-run', '--prepare']],
  ])('%j is not understood', words => {
    expect(releasePlan(words, HERE)).toBeUndefined()
  })

  test.each([
    [false, 'minor'],
    [true, '--no-increment'],
  ])('a dry run without a version, prepared: %s', (isPrepared, word) => {
    expect(releasePlan(['--dry-run'], { ...HERE, isPrepared })?.args[3]).toBe(word)
  })

  test('a dry run pushes only where something can be pushed to', () => {
    expect(releasePlan(['--dry-run'], HERE)?.args).toContain('--no-git.push')
    expect(releasePlan(['--dry-run'], { ...HERE, hasRemote: true })?.args).not.toContain('--no-git.push')
    expect(releasePlan(['minor'], HERE)?.args).not.toContain('--no-git.push')
  })
})

describe('what is left for the owner', () => {
  test('nothing, when all is there', () => {
    expect(leftForOwner({ version: '1.0.0', ...OWNED })).toBeUndefined()
  })

  test.each(Object.keys(OWNED))('%s', name => {
    const told = leftForOwner({ version: '1.0.0', ...OWNED, [name]: undefined })
    expect(told).toContain(`package.json has no "${name}". `)
  })

  test('all three, by name', () => {
    expect(leftForOwner({ version: '1.0.0' })).toContain('no "repository", "homepage", "bugs". ')
  })
})

test.each([
  ['v1.2.0', '\n## [1.2.0] - 2026-01-01\n', []],
  ['v1.2.1', '\n## [1.2.0] - 2026-01-01\n', ['The tag is v1.2.1, and package.json has version 1.2.0.']],
  ['1.2.0', '\n## [1.2.0] - 2026-01-01\n', ['The tag is 1.2.0, and package.json has version 1.2.0.']],
  ['v1.2.0', '\n## [Unreleased]\n', ['CHANGELOG.md has no section of 1.2.0.']],
])('tag %s against %j', (tag, changelog, reasons) => {
  expect(againstTag(tag, { version: '1.2.0' }, changelog)).toEqual(reasons)
})
