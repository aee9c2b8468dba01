// A second process for the tests: puts one passkey into a store, or confirms it, and at one step of that does what it is told.
// Arguments: the store, `put` or `confirm`, a seed, the number of the step, and `freeze`, `die`, `fill` (the disk) or `dawdle`.
import { writeSync } from 'node:fs'
import files from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { setTimeout as delay } from 'node:timers/promises'
import { openFileCredentialStore } from '../../src/adapters/stores/file-credential-store.js'
import { confirmPasskey } from '../../src/virtual/replaced-passkeys.js'
import { sampleCredential } from '../support/sample-credential.js'

const [path = '', work = '', seed = '', wanted = '', deed = ''] = process.argv.slice(2)

/** Longer than a lock may be without a sign of life. */
const DAWDLE_MS = 9000
const CREATING: readonly string[] = ['mkdir', 'open', 'writeFile', 'sync']

type Step = (...args: unknown[]) => Promise<unknown>

let isWatching = false
let steps = 0

function say(line: string): void {
  writeSync(1, `${line}\n`)
}

async function reach(name: string, step: number): Promise<void> {
  if (deed === 'fill' && step >= Number(wanted) && CREATING.includes(name))
    throw Object.assign(new Error('the disk is full'), { code: 'ENOSPC' })
  if (step !== Number(wanted)) return
  if (deed !== 'fill') say(`at ${name}`)
  if (deed === 'freeze') process.kill(process.pid, 'SIGSTOP')
  if (deed === 'die') process.kill(process.pid, 'SIGKILL')
  if (deed === 'dawdle') await delay(DAWDLE_MS)
}

/** Counts what is asked of the file system. */
function watchSteps(target: object, names: readonly string[]): void {
  for (const name of names) {
    const step = Reflect.get(target, name) as Step
    const watched: Step = async function (this: unknown, ...args) {
      if (isWatching) await reach(name, ++steps)
      return await step.apply(this, args)
    }
    Reflect.set(target, name, watched)
  }
}

async function write(): Promise<void> {
  const store = await openFileCredentialStore(path)
  const handle = await files.open('.')
  watchSteps(Object.getPrototypeOf(handle) as object, [
    'stat',
    'chmod',
    'chown',
    'readFile',
    'writeFile',
    'sync',
  ])
  await handle.close()
  watchSteps(files, ['chown', 'lstat', 'mkdir', 'open', 'readdir', 'rename', 'rm', 'rmdir', 'stat', 'utimes'])
  syncBuiltinESMExports()
  isWatching = true
  const passkey = sampleCredential(Number(seed))
  await (work === 'put' ? store.put(passkey) : confirmPasskey(store, passkey.credentialId))
}

write()
  .then(
    () => {
      say('kept')
    },
    (error: unknown) => {
      say(error instanceof Error && 'code' in error ? String(error.code) : String(error))
    },
  )
  .finally(() => {
    isWatching = false
    say(`${steps} steps`)
  })
