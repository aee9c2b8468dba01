// Writes into the store of its first argument without end and says what is kept; to be killed. See power-cut.kills.ts.
import { openFileCredentialStore } from '../../src/adapters/file-credential-store.js'
import { sampleCredential } from '../support/sample-credential.js'
import { SLOTS } from './write-log.js'

const [path = '', first = '1'] = process.argv.slice(2)

async function write(): Promise<void> {
  const store = await openFileCredentialStore(path)
  for (let count = Number(first); ; count++) {
    await store.put(sampleCredential(count % SLOTS, { createdAt: count }))
    process.stdout.write(`${count}\n`)
  }
}

await write()
