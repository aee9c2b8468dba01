// A second process for the tests: opens the store of its first argument, says `held`, and then does as its second says.
import { openFileCredentialStore } from '../../src/adapters/file-credential-store.js'
import { sampleCredential } from '../support/sample-credential.js'

const [path = '', then = 'wait'] = process.argv.slice(2)

async function hold(): Promise<void> {
  const store = await openFileCredentialStore(path)
  process.stdout.write('held\n')
  if (then === 'exit') process.exit(0)
  if (then === 'wait') process.stdin.resume()
  for (let seed = 0; then === 'write'; seed = (seed + 1) % 256) {
    await store.put(sampleCredential(seed, { rpName: 'x'.repeat(1024) }))
    process.stdout.write(`${seed}\n`)
  }
}

hold().catch((error: unknown) => {
  process.stdout.write(`${error instanceof Error && 'code' in error ? String(error.code) : 'failed'}\n`)
  process.exitCode = 1
})
