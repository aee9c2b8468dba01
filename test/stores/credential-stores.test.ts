import { inspect } from 'node:util'
import { expect, it } from 'vitest'
import { openFileCredentialStore } from '../../src/adapters/stores/file-credential-store.js'
import { MemoryCredentialStore } from '../../src/adapters/stores/memory-credential-store.js'
import { describeCredentialStore } from '../support/credential-store-suite.js'
import { sampleCredential } from '../support/sample-credential.js'
import { TemporaryFolder } from '../support/temporary-folder.js'

describeCredentialStore('MemoryCredentialStore', () =>
  Promise.resolve({ store: new MemoryCredentialStore(), end: () => Promise.resolve() }),
)

describeCredentialStore('FileCredentialStore', async () => {
  const folder = await TemporaryFolder.create()
  const store = await openFileCredentialStore(folder.at('passkeys.json'))
  return {
    store,
    end: async () => {
      await store.close()
      await folder.remove()
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
