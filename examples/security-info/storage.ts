import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { CredentialStore, LinkStore } from 'fido-hybrid'
import { openFileCredentialStore, openFileLinkStore, openFilePhoneIdentityStore } from 'fido-hybrid/node'
import { MemoryLinkStore } from 'fido-hybrid/testing'
import { MemoryCredentialStore, MemoryPhoneIdentityStore } from 'fido-hybrid/virtual'
import type { PhoneProfileName } from 'fido-hybrid/virtual'
import type { HandsetStores } from './phone/handset.js'

/** Where everybody keeps their things. */
export interface Storage {
  /** For the site. */
  readonly databasePath: string
  /** The laptop’s own passkeys. */
  readonly computer: CredentialStore
  /** The phones that the laptop remembers. */
  readonly links: LinkStore
  readonly phones: ReadonlyMap<PhoneProfileName, HandsetStores>
  close(): Promise<void>
}

const PRIVATE = 0o700

/** @param folder made when missing; without it nothing is kept. @throws StoreError. */
export async function openStorage(
  folder: string | undefined,
  profiles: readonly PhoneProfileName[],
): Promise<Storage> {
  if (folder === undefined) return memoryStorage(profiles)
  await mkdir(folder, { recursive: true, mode: PRIVATE })
  const passkeys = new PasskeyFiles(folder)
  try {
    const phones = new Map<PhoneProfileName, HandsetStores>()
    for (const profile of profiles) {
      const identity = await openFilePhoneIdentityStore(join(folder, `links-${profile}.json`))
      phones.set(profile, { passkeys: await passkeys.open(profile), identity })
    }
    return {
      databasePath: join(folder, 'site.sqlite'),
      computer: await passkeys.open('computer'),
      links: await openFileLinkStore(join(folder, 'links-computer.json')),
      phones,
      close: () => passkeys.close(),
    }
  } catch (error) {
    await passkeys.close()
    throw error
  }
}

/** The files of passkeys in a folder, which have to be closed. */
class PasskeyFiles {
  readonly #folder: string
  readonly #closers: (() => Promise<void>)[] = []

  constructor(folder: string) {
    this.#folder = folder
  }

  async open(name: string): Promise<CredentialStore> {
    const store = await openFileCredentialStore(join(this.#folder, `passkeys-${name}.json`))
    this.#closers.push(() => store.close())
    return store
  }

  async close(): Promise<void> {
    await Promise.all(this.#closers.map(close => close()))
  }
}

function memoryStorage(profiles: readonly PhoneProfileName[]): Storage {
  const stores = (): HandsetStores => ({
    passkeys: new MemoryCredentialStore(),
    identity: new MemoryPhoneIdentityStore(),
  })
  return {
    databasePath: ':memory:',
    computer: new MemoryCredentialStore(),
    links: new MemoryLinkStore(),
    phones: new Map(profiles.map(profile => [profile, stores()])),
    close: () => Promise.resolve(),
  }
}
