/** A process that launches a browser, says where its folders are, and stays. */
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { pathToFileURL } from 'node:url'
import { launchWithAir } from '../../src/page.js'

/** Names of folders for temporary files. */
export interface Launched {
  /** Of the air. */
  readonly folder: string
  /** Of the browser. */
  readonly profile: string
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const before = new Set(readdirSync(tmpdir()))
  await launchWithAir()
  const fresh = readdirSync(tmpdir()).filter(name => !before.has(name))
  const named = (start: string): string => fresh.find(name => name.startsWith(start)) ?? 'none'
  const launched: Launched = {
    folder: named('fido-hybrid-air-'),
    profile: named('playwright_chromiumdev_profile-'),
  }
  process.stdout.write(`${JSON.stringify(launched)}\n`)
  setInterval(() => undefined, 1000)
}
