import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Commands, and the Debian package that brings each. */
const COMMANDS: Readonly<Record<string, string>> = {
  'qemu-system-x86_64': 'qemu-system-x86',
  btvirt: 'bluez-test-tools',
  btmgmt: 'bluez',
  'dbus-daemon': 'dbus',
  'dbus-send': 'dbus',
  busybox: 'busybox-static',
  cpio: 'cpio',
  modprobe: 'kmod',
  'apt-get': 'apt',
  'dpkg-deb': 'dpkg',
}

const FILES: Readonly<Record<string, string>> = { '/usr/libexec/bluetooth/bluetoothd': 'bluez' }
/** Where an account that is not root may not be looking. */
const SYSTEM_FOLDERS = ['/usr/sbin', '/sbin']

/** Why there can be no guest on this machine; undefined where there can. */
export function whyNoGuest(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return `the guest is Linux on x64, and takes its programs from such a machine; this is ${process.platform} on ${process.arch}`
  const missing = [
    ...Object.entries(COMMANDS).filter(([name]) => !isCommand(name)),
    ...Object.entries(FILES).filter(([path]) => !existsSync(path)),
  ]
  if (missing.length === 0) return undefined
  const packages = [...new Set(missing.map(([, name]) => name))].join(' ')
  return `missing Debian packages: ${packages}; test/vm/install-packages.sh installs them`
}

function isCommand(name: string): boolean {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...SYSTEM_FOLDERS]
  return folders.some(folder => existsSync(join(folder, name)))
}
