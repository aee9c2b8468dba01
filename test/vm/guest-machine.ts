import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import type { SystemImage } from './system-image.js'

const run = promisify(execFile)

const EMULATOR = 'qemu-system-x86_64'
/** Emulating every instruction, so that all machines run the same guest. */
const MACHINE = '-accel tcg,thread=multi -cpu qemu64,+rdrand -m 1536 -smp 2'
const BARE = '-nodefaults -no-user-config -nographic -no-reboot'
const KERNEL_ARGUMENTS = 'console=ttyS0 quiet panic=-1'
const CONSOLE_TAIL = 4000

/** What came of one part. */
interface PartOutcome {
  readonly part: string
  readonly elapsedMs?: number
  readonly result?: unknown
  readonly error?: string
}

/** A guest that has been switched off. */
export interface GuestRecord {
  readonly outcomes: readonly PartOutcome[]
  /** The end of what the guest said to people. */
  readonly console: string
}

/** Boots the guest and waits for its end, or for `limitMs`. @param archives of what it has beside its system. */
export async function runGuest(
  folder: string,
  { kernel, archive }: SystemImage,
  archives: readonly string[],
  limitMs: number,
): Promise<GuestRecord> {
  const initrd = join(folder, 'initrd.cpio')
  const consoleLog = join(folder, 'console.log')
  // The kernel unpacks one archive after the other.
  await run('sh', ['-c', 'cat "$@" >"$0"', initrd, archive, ...archives])
  const boot = ['-kernel', kernel, '-initrd', initrd, '-append', KERNEL_ARGUMENTS]
  const serials = ['-serial', `file:${consoleLog}`, '-serial', 'stdio']
  const outcomes = await outcomesOf([...`${MACHINE} ${BARE}`.split(' '), ...boot, ...serials], limitMs)
  return { outcomes, console: (await readFile(consoleLog, 'utf8')).slice(-CONSOLE_TAIL) }
}

async function outcomesOf(args: readonly string[], limitMs: number): Promise<readonly PartOutcome[]> {
  const signal = AbortSignal.timeout(limitMs)
  const qemu = spawn(EMULATOR, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  // Not by the option of spawn, which makes an error of it: what came until then tells more.
  signal.addEventListener('abort', () => qemu.kill('SIGKILL'))
  const outcomes: PartOutcome[] = []
  const lines = createInterface({ input: qemu.stdout })
  lines.on('line', line => void outcomes.push(JSON.parse(line) as PartOutcome))
  await Promise.all([once(qemu, 'close'), once(lines, 'close')])
  return outcomes
}
