import { isUnfit, nativePackages } from '../../adapters/native/native-options.js'
import type { Environment } from './environment.js'
import type { DoctorFinding } from './finding.js'
import { cureOfSandbox } from './sandbox.js'
import type { Sandbox } from './sandbox.js'

/** Adapters that need a package with a native half. */
const NATIVE_RADIOS = ['noble', 'bleno'] as const

export type NativeRadio = (typeof NATIVE_RADIOS)[number]

export function isNative(name: string): name is NativeRadio {
  return NATIVE_RADIOS.some(each => each === name)
}

/** The command that installs a package, or builds it for this Node. */
export function cureOfPackage(name: NativeRadio, environment: Environment): string {
  const installed = nativePackages(name).find(
    each => !isUnfit(each, environment.platform) && environment.isInstalled(each),
  )
  return installed === undefined
    ? `Run: npm install @stoprocent/${name}`
    : `Run: npm rebuild ${installed} (with the Node that runs this, and a C++ compiler)`
}

/** Bits of capabilities(7). */
const CAPABILITIES = [
  ['CAP_NET_ADMIN', 12n],
  ['CAP_NET_RAW', 13n],
] as const

/** Whether node may open raw HCI sockets, which noble and bleno do on Linux, and BlueZ spares one. */
export async function capabilityFinding(
  environment: Environment,
  sandbox: Sandbox | undefined,
): Promise<DoctorFinding> {
  const status = await environment.read('/proc/self/status')
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status ?? '')?.[1] ?? '0'}`)
  const missing = CAPABILITIES.filter(([, bit]) => (effective & (1n << bit)) === 0n).map(([name]) => name)
  if (missing.length === 0)
    return {
      check: 'capabilities',
      ok: true,
      detail: 'node may open HCI sockets (CAP_NET_RAW, CAP_NET_ADMIN)',
    }
  return {
    check: 'capabilities',
    ok: false,
    detail: `node lacks ${missing.join(' and ')} for HCI sockets`,
    code: 'bluetooth-unauthorised',
    cure: cureOfCapabilities(environment, sandbox),
  }
}

/** HCI sockets work only where the network of the host is. */
export function cureOfCapabilities({ nodePath }: Environment, sandbox: Sandbox | undefined): string {
  if (sandbox?.kind === 'wsl') return cureOfSandbox(sandbox)
  return sandbox?.kind === 'container'
    ? 'Start the container with --network host --cap-add NET_RAW --cap-add NET_ADMIN, as a user that keeps these capabilities.'
    : `Run: sudo setcap cap_net_raw,cap_net_admin+eip ${nodePath}`
}
