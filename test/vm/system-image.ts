import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const SCRIPT = fileURLToPath(new URL('build-system-image.sh', import.meta.url))
/** The script’s exit code when there is no kernel to be had. */
const EX_UNAVAILABLE = 69

/** The guest’s kernel, and what it has beside the package under test. */
export interface SystemImage {
  readonly kernel: string
  /** An uncompressed cpio archive. */
  readonly archive: string
}

/** Makes the image in a folder, unless it is there. @returns why it cannot be made where the kernel is to blame. */
export function buildSystemImage(folder: string): SystemImage | string {
  const PATH = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`
  const options = { env: { ...process.env, PATH }, encoding: 'utf8' } as const
  const { status, stderr } = spawnSync('bash', [SCRIPT, folder], options)
  if (status === EX_UNAVAILABLE) return `no kernel for the guest: ${stderr.trim()}`
  if (status !== 0) throw new Error(`build-system-image.sh ended with ${status ?? 'a signal'}: ${stderr}`)
  return { kernel: `${folder}/vmlinuz`, archive: `${folder}/system.cpio` }
}
