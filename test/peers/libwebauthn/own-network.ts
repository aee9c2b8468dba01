import { spawnSync } from 'node:child_process'
import { geteuid } from 'node:process'

/** What a process of its own network is started with. */
export type CommandLine = readonly [program: string, ...args: string[]]

/** A user who is not root is given the rights for it inside a namespace of users. */
const NAMESPACES: readonly string[] = [
  ...(geteuid?.() === 0 ? [] : ['--user', '--map-current-user', '--keep-caps']),
  '--net',
  '--mount',
]
const SCRIPT = 'mount --bind "$0" /etc/hosts && ip link set lo up && exec "$@"'

/** A program with a network of its own, whose names are those of a hosts file. */
export function inOwnNetwork(hosts: string, program: string): CommandLine {
  return ['unshare', ...NAMESPACES, 'sh', '-c', SCRIPT, hosts, program]
}

/** That such a process can be started. */
export function ownNetworks(): string | undefined {
  const [program, ...args] = inOwnNetwork('/etc/hosts', 'true')
  const { error, status, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  if (error === undefined && status === 0) return undefined
  return `no network of its own for a process: ${error?.message ?? stderr.trim()}`
}
