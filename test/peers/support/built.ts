import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** What `build-peers.sh` makes, by its path in `.built`. */
export function built(path: string): string {
  return fileURLToPath(new URL(`../.built/${path}`, import.meta.url))
}

/** Why something that `build-peers.sh` makes is not there; a check of `lacking`. */
export function isBuilt(path: string): () => string | undefined {
  return () =>
    existsSync(built(path))
      ? undefined
      : `no test/peers/.built/${path}: test/peers/build-peers.sh makes it where its tools are there`
}

/** The version that a file of `test/peers` pins. @param found its first group is the version. */
export function pinnedVersion(file: string, found: RegExp): string {
  const text = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')
  const version = found.exec(text)?.[1]
  if (version === undefined) throw new Error(`${file} has no ${found.source}`)
  return version
}
