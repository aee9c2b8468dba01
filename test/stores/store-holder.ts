// A second process for the tests: opens the store of its first argument, says `open`, and then does as its second says: it waits,
// or it puts one passkey after the other, from the seed of its third argument on, as many as its fourth says.
import { inspect } from 'node:util'
import { openFileCredentialStore } from '../../src/adapters/stores/file-credential-store.js'
import { sampleCredential } from '../support/sample-credential.js'

const [path = '', then = 'wait', first = '0', count = 'Infinity'] = process.argv.slice(2)

async function hold(): Promise<void> {
  const store = await openFileCredentialStore(path)
  process.stdout.write('open\n')
  if (then === 'wait') process.stdin.resume()
  for (let at = 0; then === 'write' && at < Number(count); at++) {
    const seed = (Number(first) + at) % 256
    await store.put(sampleCredential(seed, { rpName: 'x'.repeat(1024) }))
    process.stdout.write(`${seed}\n`)
  }
}

hold().catch((error: unknown) => {
  process.stdout.write(`${error instanceof Error && 'code' in error ? String(error.code) : 'failed'}\n`)
  process.stderr.write(`${inspect(error)}\n`)
  process.exitCode = 1
})
