import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const LOCK = fileURLToPath(new URL('Cargo.lock', import.meta.url))

/** The version of a crate that the program is compiled with. */
export function lockedVersion(crate: string): string {
  const [, version] =
    new RegExp(`^name = "${crate}"\nversion = "(.+)"$`, 'm').exec(readFileSync(LOCK, 'utf8')) ?? []
  if (version === undefined) throw new Error(`${LOCK} has no ${crate}`)
  return version
}
