import { stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { orMissing } from '../../adapters/stores/private-file.js'
import { StoreError } from '../../errors.js'
import type { GivenOptions } from './given.js'
import type { Surroundings } from '../surroundings.js'

export const STORE_HELP =
  'file with the passkeys (default: $XDG_DATA_HOME or ~/.local/share, then fido-hybrid/passkeys.json)'

export const IDENTITY_HELP = 'file by which linked laptops know the phone (default: PASSKEYS.identity.json)'

export const LINKS_HELP =
  'file with the remembered phones (default: $XDG_DATA_HOME or ~/.local/share, then fido-hybrid/links.json)'

const JSON_SUFFIX = /\.json$/

/**
 * Requires that the folder of a store exists, if the command line named the store. For a command that only reads, a
 * mistyped path would look like an empty store.
 * @throws StoreError `store-unavailable`.
 */
export async function requireNamedFolder(path: string, options: GivenOptions): Promise<void> {
  if (options.text('store') === undefined && options.text('identity') === undefined) return
  const folder = dirname(resolve(path))
  if ((await orMissing(() => stat(folder))) === undefined)
    throw new StoreError('store-unavailable', `${path}: the folder ${folder} does not exist`)
}

/** Where the phone’s passkeys are. */
export function storePath(options: GivenOptions, env: Surroundings['env']): string {
  return options.text('store') ?? dataPath(env, 'passkeys.json')
}

/** Where the phone’s identity is: beside its passkeys unless given. */
export function identityPath(options: GivenOptions, env: Surroundings['env']): string {
  return options.text('identity') ?? `${storePath(options, env).replace(JSON_SUFFIX, '')}.identity.json`
}

/** Where the laptop’s links are. */
export function linksPath(options: GivenOptions, env: Surroundings['env']): string {
  return options.text('store') ?? dataPath(env, 'links.json')
}

function dataPath(env: Surroundings['env'], name: string): string {
  return join(dataHome(env['XDG_DATA_HOME']), 'fido-hybrid', name)
}

// The XDG specification says to ignore a path that is not absolute.
function dataHome(xdg = ''): string {
  return isAbsolute(xdg) ? xdg : join(homedir(), '.local', 'share')
}
