import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { openFileCredentialStore } from '../adapters/file-credential-store.js'
import type { FileCredentialStore } from '../adapters/file-credential-store.js'
import type { GivenOptions } from './given-options.js'
import type { Surroundings } from './surroundings.js'

export const STORE_HELP =
  'file with the passkeys (default: $XDG_DATA_HOME or ~/.local/share, then fido-hybrid/passkeys.json)'

/** Where the phone’s passkeys are. */
export function storePath(options: GivenOptions, env: Surroundings['env']): string {
  return options.text('store') ?? join(dataHome(env['XDG_DATA_HOME']), 'fido-hybrid', 'passkeys.json')
}

/** Opens a store for the time of `use`. @throws StoreError; whatever `use` throws. */
export async function withStore<Result>(
  path: string,
  use: (store: FileCredentialStore) => Promise<Result>,
): Promise<Result> {
  const store = await openFileCredentialStore(path)
  try {
    return await use(store)
  } finally {
    await store.close()
  }
}

// The XDG specification says to ignore a path that is not absolute.
function dataHome(xdg = ''): string {
  return isAbsolute(xdg) ? xdg : join(homedir(), '.local', 'share')
}
