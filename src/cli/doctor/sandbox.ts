import type { Environment } from './environment.js'

/** What stands between a program and the system’s services. */
export type Sandbox =
  | { readonly kind: 'flatpak'; readonly app: string }
  | { readonly kind: 'snap'; readonly app: string }
  | { readonly kind: 'container' }
  | { readonly kind: 'wsl' }

/** Files that are there only in containers, of Docker and of Podman. */
const CONTAINER_MARKS = ['/.dockerenv', '/run/.containerenv']

/** Names the kernel; that of the Windows Subsystem for Linux names its maker. */
const KERNEL = '/proc/sys/kernel/osrelease'

/** @param variables the environment variables. @returns undefined where the system is not hidden. */
export async function findSandbox(
  environment: Environment,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<Sandbox | undefined> {
  if (environment.platform !== 'linux') return undefined
  const flatpak = await environment.read('/.flatpak-info')
  if (flatpak !== undefined) return { kind: 'flatpak', app: /^name=(\S+)$/m.exec(flatpak)?.[1] ?? 'APP' }
  const snap = variables['SNAP_NAME']
  // The variable is set also for what is started from a snap; and the snap of Node itself is not confined.
  if (snap !== undefined && snap !== 'node' && environment.nodePath.startsWith(`/snap/${snap}/`))
    return { kind: 'snap', app: snap }
  if (/microsoft/i.test((await environment.read(KERNEL)) ?? '')) return { kind: 'wsl' }
  const marks = await Promise.all(CONTAINER_MARKS.map(path => environment.read(path)))
  return marks.some(text => text !== undefined) ? { kind: 'container' } : undefined
}

/** How a sandbox is made to let a program reach BlueZ; the system bus is what it hides. */
export function cureOfSandbox(sandbox: Sandbox): string {
  switch (sandbox.kind) {
    case 'flatpak':
      return `Run: flatpak override --user --system-talk-name=org.bluez ${sandbox.app}`
    case 'snap':
      return `Run: sudo snap connect ${sandbox.app}:bluez`
    case 'container':
      return 'Start the container with --volume /run/dbus/system_bus_socket:/run/dbus/system_bus_socket, on a host that runs bluetoothd.'
    case 'wsl':
      return 'Run this with Node for Windows: Windows does not hand its Bluetooth to WSL.'
  }
}
