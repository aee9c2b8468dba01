import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { hasSection, leftForOwner } from './release-check.js'
import type { Manifest } from './release-check.js'
import { releasePlan, USAGE } from './release-plan.js'

const TOOL = dirname(createRequire(import.meta.url).resolve('release-it/package.json'))
const PUBLISHED =
  'Then .github/workflows/release.yml tests the tag and publishes it: "npm publish --provenance".'
const NO_REMOTE = 'There is no git remote here. With one, it pushes commit and tag.'

const manifest = JSON.parse(await readFile('package.json', 'utf8')) as Manifest
const changelog = await readFile('CHANGELOG.md', 'utf8')
const hasRemote = git('remote') !== ''
const isPrepared =
  hasSection(changelog, manifest.version) && git('tag', '--list', `v${manifest.version}`) === ''
const plan = releasePlan(process.argv.slice(2), { hasRemote, isPrepared })
const left = leftForOwner(manifest)

if (plan === undefined) end(2, USAGE)
else if (left !== undefined && !plan.dryRun && !plan.prepare) end(1, left)
else {
  const { status } = spawnSync(process.execPath, [join(TOOL, 'bin/release-it.js'), ...plan.args], {
    stdio: 'inherit',
  })
  const next = plan.dryRun ? [...(hasRemote ? [] : [NO_REMOTE]), PUBLISHED] : []
  end(status ?? 1, ...next, ...(left === undefined ? [] : [left]))
}

function git(...args: readonly string[]): string {
  return spawnSync('git', args, { encoding: 'utf8' }).stdout.trim()
}

function end(status: number, ...lines: readonly string[]): void {
  for (const line of lines) process.stderr.write(`${line}\n`)
  process.exitCode = status
}
