import { execFile, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const FOLDER = fileURLToPath(new URL('.', import.meta.url))
/** Between runs, so that only the first one compiles everything. */
const TARGET = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'fido-hybrid', 'peers')

/** The version of a crate that the program is compiled with. */
export function lockedVersion(crate: string): string {
  const lock = readFileSync(join(FOLDER, 'Cargo.lock'), 'utf8')
  const [, version] = new RegExp(`^name = "${crate}"\nversion = "(.+)"$`, 'm').exec(lock) ?? []
  if (version === undefined) throw new Error(`Cargo.lock has no ${crate}`)
  return version
}

/** That C libraries are here to compile with. */
export function headers(): string | undefined {
  const { status } = spawnSync('pkg-config', ['--exists', 'dbus-1', 'libudev'])
  return status === 0
    ? undefined
    : 'no headers of libdbus or libudev: test/peers/install-packages.sh installs them'
}

/** That the crates are here, or can be had. */
export function crates(): string | undefined {
  const { status, stderr } = spawnSync('cargo', ['fetch', '--locked'], { cwd: FOLDER, encoding: 'utf8' })
  const [first = ''] = stderr.split('\n').filter(line => line.startsWith('error'))
  return status === 0 ? undefined : `cargo cannot fetch the crates: ${first}`
}

/** Compiles the program. @returns where it is. */
export async function compile(): Promise<string> {
  const env = { ...process.env, CARGO_TARGET_DIR: TARGET }
  await promisify(execFile)('cargo', ['build', '--locked', '--quiet'], { cwd: FOLDER, env })
  return join(TARGET, 'debug', 'fido-hybrid-peer')
}
