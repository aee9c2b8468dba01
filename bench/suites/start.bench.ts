import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Suite } from '../harness/group.js'
import { runChild } from '../harness/children.js'
import { ROOT } from '../harness/places.js'
import { temporaryFolder } from '../harness/temporary-folder.js'

const TIME_LIMIT_MS = 30_000
const ALLOWANCE_MS = 60
const [EMPTY, ALLOWED] = ['an empty start', `${ALLOWANCE_MS} ms after an empty start`]
const [OWN, ABOVE] = ['client register', 'client register, RP ID above the host']
const OPTIONS = {
  rp: { id: 'example.com', name: 'Example' },
  user: { id: 'AQID', name: 'ada', displayName: 'Ada' },
  challenge: 'AAECAwQFBgcICQoLDA0ODw',
  pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
}

/** What a user waits for: from the start of the command to its QR code, a process of its own for every sample. */
export const measure: Suite = async context => {
  const folder = temporaryFolder()
  await writeFile(join(folder, 'options.json'), JSON.stringify(OPTIONS))
  // Node keeps what it compiled when the command ends by itself.
  for (const host of ['example.com', 'login.example.com']) await timeToQr(folder, host, 'SIGINT')
  await context.group({
    name: 'qr',
    title: 'From the start of the command to its QR code',
    unit: 'ms',
    pace: { rounds: context.quick ? 1 : 21 },
    variants: [
      { name: EMPTY, sample: emptyStart },
      { name: ALLOWED, sample: async () => ALLOWANCE_MS + (await emptyStart()) },
      { name: OWN, sample: () => timeToQr(folder, 'example.com', 'SIGKILL') },
      { name: ABOVE, sample: () => timeToQr(folder, 'login.example.com', 'SIGKILL') },
    ],
    claims: [
      { of: OWN, against: ALLOWED, over: EMPTY, atMost: 1 },
      { of: ABOVE, against: ALLOWED, over: EMPTY, measure: 'cost' },
    ],
  })
}

async function emptyStart(): Promise<number> {
  const began = performance.now()
  await runChild(process.execPath, ['--eval', '0'], { timeLimitMs: TIME_LIMIT_MS, cwd: ROOT })
  return performance.now() - began
}

/** @param ending ends the command once its code is there. */
async function timeToQr(folder: string, host: string, ending: NodeJS.Signals): Promise<number> {
  const began = performance.now()
  const child = startRegister(folder, host)
  const ended = once(child, 'close')
  const shownAt = await shown(child)
  child.kill(ending)
  await ended
  return shownAt - began
}

function startRegister(folder: string, host: string): ChildProcess {
  const register = ['client', 'register', '--json', '--options', join(folder, 'options.json')]
  const phone = ['--origin', `https://${host}`, '--scan', 'stdin', '--tunnel-url', 'ws://127.0.0.1:9']
  return spawn(process.execPath, [join(ROOT, 'dist', 'cli.js'), ...register, ...phone], {
    cwd: ROOT,
    env: { ...process.env, XDG_CACHE_HOME: folder },
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout: TIME_LIMIT_MS,
    killSignal: 'SIGKILL',
  })
}

async function shown({ stdout }: ChildProcess): Promise<number> {
  let said = ''
  for await (const chunk of stdout ?? []) {
    said += String(chunk)
    if (said.includes('FIDO:/')) return performance.now()
  }
  throw new Error(`the command ended without a QR code: ${said}`)
}
