import { readFile } from 'node:fs/promises'
import { againstTag, leftForOwner } from './release-check.js'
import type { Manifest } from './release-check.js'

const manifest = JSON.parse(await readFile('package.json', 'utf8')) as Manifest
const [, , tag] = process.argv
const reasons = [
  leftForOwner(manifest),
  ...(tag === undefined ? [] : againstTag(tag, manifest, await readFile('CHANGELOG.md', 'utf8'))),
].filter(reason => reason !== undefined)
for (const reason of reasons) process.stderr.write(`${reason}\n`)
process.exitCode = reasons.length > 0 ? 1 : 0
