import type { BluezReport } from '../../src/cli/doctor/bluez-report.js'
import type { HybridError } from '../../src/errors.js'
import type { Environment } from '../../src/cli/doctor/environment.js'

/** What a played machine is made of; whatever is not given is not there. */
interface PlayedMachine {
  readonly platform?: NodeJS.Platform
  readonly nodePath?: string
  /** Text by path; the folders above are there, too. */
  readonly files?: Readonly<Record<string, string>>
  readonly packages?: readonly string[]
  readonly bluez?: BluezReport
  /** Why there are no data channels; they are there unless given. */
  readonly noDataChannel?: HybridError
}

/** A machine for doctor that has nothing to do with the one under the tests. */
export function playedEnvironment(machine: PlayedMachine = {}): Environment {
  const { platform = 'linux', nodePath = '/usr/bin/node', files = {}, packages = [] } = machine
  const { bluez = { adapters: [{ name: 'hci0', powered: true }] } } = machine
  return {
    platform,
    nodePath,
    read: path => Promise.resolve(files[path]),
    list: folder => Promise.resolve(namesIn(folder, Object.keys(files))),
    isInstalled: name => packages.includes(name),
    askBluez: () => Promise.resolve(bluez),
    whyNoDataChannel: () => Promise.resolve(machine.noDataChannel),
  }
}

function namesIn(folder: string, paths: readonly string[]): readonly string[] {
  const inside = paths.filter(path => path.startsWith(`${folder}/`))
  return [...new Set(inside.map(path => path.slice(folder.length + 1).split('/')[0] ?? ''))]
}
