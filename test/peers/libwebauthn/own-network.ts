import { spawnSync } from 'node:child_process'

/** What a process of its own network is started with. */
export type CommandLine = readonly [program: string, ...args: string[]]

const SCRIPT = 'mount --bind "$0" /etc/hosts && ip link set lo up && exec "$@"'
/** Root may; others, and root in a container, may in a namespace of users where they have the rights. */
const WAYS: readonly (readonly string[])[] = [[], ['--user', '--map-current-user', '--keep-caps']]

let found: readonly string[] | undefined

/** A program with a network of its own, whose names are those of a hosts file. */
export function inOwnNetwork(hosts: string, program: string): CommandLine {
  return commandLine(found ?? [], hosts, program)
}

/** That such a process can be started. */
export function ownNetworks(): string | undefined {
  const failures = WAYS.map(way => {
    const [program, ...args] = commandLine(way, '/etc/hosts', 'true')
    const { error, status, stderr } = spawnSync(program, args, { encoding: 'utf8' })
    if (status === 0) found ??= way
    return error?.message ?? stderr.trim()
  })
  return found === undefined ? `no network of its own for a process: ${failures.join('; ')}` : undefined
}

function commandLine(way: readonly string[], hosts: string, program: string): CommandLine {
  return ['unshare', ...way, '--net', '--mount', 'sh', '-c', SCRIPT, hosts, program]
}
