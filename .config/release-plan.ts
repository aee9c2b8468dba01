const VERSION = /^(?:patch|minor|major|current|\d+\.\d+\.\d+(?:-[\w.]+)?)$/
const FLAGS = ['--dry-run', '--prepare']

export const USAGE = `Usage: npm run release -- VERSION [--dry-run | --prepare]
  VERSION    what you judge the changes to be: patch, minor, major, or the version itself; "current" for one that was prepared
  --dry-run  say what would be done, and do nothing; without VERSION it is "current" or else minor
  --prepare  change package.json, its lockfile and CHANGELOG.md, and leave commit and tag to you`

/** What was asked for, and how release-it is told. */
export interface ReleasePlan {
  readonly dryRun: boolean
  readonly prepare: boolean
  /** The arguments of release-it. */
  readonly args: readonly string[]
}

/** Where a release starts from. */
export interface Repository {
  readonly hasRemote: boolean
  /** Version and changelog are changed already, and no tag says so. */
  readonly isPrepared: boolean
}

/** Reads the command line of `npm run release`. @returns undefined where it is not understood. */
export function releasePlan(words: readonly string[], repository: Repository): ReleasePlan | undefined {
  const flags = words.filter(word => word.startsWith('--'))
  const [given, ...others] = words.filter(word => !word.startsWith('--'))
  const dryRun = flags.includes('--dry-run')
  const prepare = flags.includes('--prepare')
  const version = given ?? (dryRun ? (repository.isPrepared ? 'current' : 'minor') : '')
  const unknown = others.length > 0 || flags.some(flag => !FLAGS.includes(flag))
  if (unknown || (dryRun && prepare) || !VERSION.test(version)) return undefined
  const args = [
    ...['--ci', '--config', '.config/release-it.json'],
    version === 'current' ? '--no-increment' : version,
    ...(prepare ? ['--no-git'] : []),
    ...(dryRun ? dryArgs(repository) : []),
  ]
  return { dryRun, prepare, args }
}

/** A dry run changes nothing, so that it may start from any branch, with changes, and where nothing can be pushed. */
function dryArgs({ hasRemote }: Repository): readonly string[] {
  const lenient = ['--dry-run', '--no-git.requireBranch', '--no-git.requireCleanWorkingDir']
  return hasRemote ? lenient : [...lenient, '--no-git.push']
}
