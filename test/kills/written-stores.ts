import { readFile } from 'node:fs/promises'
import { openFileCredentialStore } from '../../src/adapters/stores/file-credential-store.js'
import { openFileLinkStore } from '../../src/adapters/stores/file-link-store.js'
import { openFilePhoneIdentityStore } from '../../src/adapters/stores/file-phone-identity-store.js'
import { CREDENTIAL_FORMAT } from '../../src/adapters/stores/credential-file.js'
import { decodeStoreFile } from '../../src/adapters/stores/store-format.js'
import { linkId } from '../../src/bytes/brands.js'
import type { PhoneIdentity } from '../../src/ports/phone-identity-store.js'
import { sampleIdentity, sampleLink } from '../support/link-samples.js'
import { sampleCredential } from '../support/sample-credential.js'
import { SLOTS } from './write-log.js'

/** An open store. */
interface Writer {
  /** Makes one durable write of this number. */
  put(count: number): Promise<unknown>
  close(): Promise<void>
}

/** A store whose writes are numbered by their time, and go one after the other into so many slots. */
interface WrittenStore {
  open(path: string): Promise<Writer>
  /** The numbers that the file holds. */
  counts(path: string): Promise<readonly number[]>
}

const LINK_ID_BYTES = 8

/** A shared file is open during each change only. */
const nothing = (): Promise<void> => Promise.resolve()

const passkeys: WrittenStore = {
  open: async path => {
    const store = await openFileCredentialStore(path)
    return {
      put: count => store.put(sampleCredential(count % SLOTS, { createdAt: count })),
      close: () => store.close(),
    }
  },
  counts: async path =>
    decodeStoreFile(CREDENTIAL_FORMAT, new Uint8Array(await readFile(path))).map(
      ({ createdAt }) => createdAt,
    ),
}

const links: WrittenStore = {
  open: async path => {
    const store = await openFileLinkStore(path)
    return { put: count => store.put(sampleLink((count % SLOTS) + 1, { linkedAt: count })), close: nothing }
  },
  counts: async path => (await (await openFileLinkStore(path)).list()).map(({ linkedAt }) => linkedAt),
}

function withLink(count: number, before = sampleIdentity(1, { links: [] })): PhoneIdentity {
  const link = { linkId: linkId(new Uint8Array(LINK_ID_BYTES).fill(count % SLOTS)), linkedAt: count }
  return { ...before, links: [...before.links, link].slice(-SLOTS) }
}

const identity: WrittenStore = {
  open: async path => {
    const store = await openFilePhoneIdentityStore(path)
    return { put: count => store.update(before => withLink(count, before)), close: nothing }
  },
  counts: async path =>
    (await (await openFilePhoneIdentityStore(path)).load())?.links.map(({ linkedAt }) => linkedAt) ?? [],
}

/** Which of the stores that keep what may not be lost. */
export type StoreKind = 'passkeys' | 'links' | 'identity'

export const WRITTEN_STORES: Readonly<Record<StoreKind, WrittenStore>> = { passkeys, links, identity }

export function isStoreKind(name: string): name is StoreKind {
  return Object.hasOwn(WRITTEN_STORES, name)
}
