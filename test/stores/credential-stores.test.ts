import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { expect, it } from 'vitest'
import { openFileCredentialStore } from '../../src/adapters/stores/file-credential-store.js'
import { MemoryCredentialStore } from '../../src/adapters/stores/memory-credential-store.js'
import { describeCredentialStore } from '../support/credential-store-suite.js'
import { sampleCredential } from '../support/sample-credential.js'

describeCredentialStore('MemoryCredentialStore', () =>
  Promise.resolve({ store: new MemoryCredentialStore(), end: () => Promise.resolve() }),
)

describeCredentialStore('FileCredentialStore', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fido-hybrid-'))
  const store = await openFileCredentialStore(join(folder, 'passkeys.json'))
  return {
    store,
    end: async () => {
      await store.close()
      await rm(folder, { recursive: true })
    },
  }
})

it('shows no key of a memory store to a debugger’s print', async () => {
  const store = new MemoryCredentialStore()
  await store.put(sampleCredential(1))
  const printed = inspect([store, await store.list()], { depth: 10 })
  expect(printed).toContain('[redacted]')
  expect(printed).not.toContain('254')
})
