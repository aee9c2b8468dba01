import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { CredentialStore } from 'fido-hybrid'
import { openFileCredentialStore } from 'fido-hybrid/node'
import { MemoryCredentialStore } from 'fido-hybrid/virtual'
import type { PhoneProfileName } from 'fido-hybrid/virtual'

/** Where everybody keeps their things. */
export interface Storage {
  /** For the site. */
  readonly databasePath: string
  /** The laptop’s own passkeys. */
  readonly computer: CredentialStore
  readonly phones: ReadonlyMap<PhoneProfileName, CredentialStore>
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
  const names = ['computer', ...profiles]
  const closers: (() => Promise<void>)[] = []
  const close = async (): Promise<void> => {
    await Promise.all(closers.map(closeOne => closeOne()))
  }
  try {
    const stores = new Map<string, CredentialStore>()
    for (const name of names) {
      const store = await openFileCredentialStore(join(folder, `passkeys-${name}.json`))
      closers.push(() => store.close())
      stores.set(name, store)
    }
    return { ...pick(profiles, name => stores.get(name)), databasePath: join(folder, 'site.sqlite'), close }
  } catch (error) {
    await close()
    throw error
  }
}

function memoryStorage(profiles: readonly PhoneProfileName[]): Storage {
  return { ...pick(profiles, () => undefined), databasePath: ':memory:', close: () => Promise.resolve() }
}

function pick(
  profiles: readonly PhoneProfileName[],
  storeOf: (name: string) => CredentialStore | undefined,
): Pick<Storage, 'computer' | 'phones'> {
  const orMemory = (name: string): CredentialStore => storeOf(name) ?? new MemoryCredentialStore()
  return {
    computer: orMemory('computer'),
    phones: new Map(profiles.map(profile => [profile, orMemory(profile)])),
  }
}
