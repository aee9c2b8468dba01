import { KOFFI_RANGE } from '../../adapters/l2cap/koffi.js'
import type { HybridError } from '../../errors.js'
import type { Environment } from './environment.js'
import { problem } from './finding.js'
import type { DoctorFinding } from './finding.js'
import type { Sandbox } from './sandbox.js'

/** Whether data channels over Bluetooth can be made here: koffi, and sockets of the kernel. */
export async function channelFinding(
  environment: Environment,
  sandbox: Sandbox | undefined,
): Promise<DoctorFinding> {
  const failure = await environment.whyNoDataChannel()
  return failure === undefined
    ? { check: 'data-channel', ok: true, detail: 'node may open Bluetooth sockets, through koffi' }
    : problem('data-channel', failure, cureOf(failure, environment, sandbox))
}

function cureOf(
  { code }: HybridError,
  { platform }: Environment,
  sandbox: Sandbox | undefined,
): string | undefined {
  if (platform !== 'linux') return 'Leave --data-channel out: the tunnel needs none.'
  switch (code) {
    case 'package-missing':
    case 'package-unfit':
      return `Run: npm install "koffi@${KOFFI_RANGE}"`
    case 'capability-missing':
      return sandbox?.kind === 'container'
        ? 'Start the container with --network host.'
        : 'Use a kernel with Bluetooth, or leave --data-channel out.'
    default:
      return sandbox?.kind === 'flatpak'
        ? `Run: flatpak override --user --allow=bluetooth ${sandbox.app}`
        : undefined
  }
}
