import { ProximityError, UnsupportedError } from '../../errors.js'
import type { HybridError } from '../../errors.js'
import type { ModuleFailure } from './radio-module.js'

/** What a module is used for, for messages and codes. */
export interface RadioRole {
  readonly what: 'noble' | 'bleno'
  readonly failed: 'ble-scan-failed' | 'advertise-failed'
  readonly gerund: 'scanning' | 'advertising'
}

/** How far a use has come: a radio that worked is lost, one that never did is not there. */
export type RadioStage = 'starting' | 'running'

const OTHER_NODE =
  /NODE_MODULE_VERSION|different Node\.js version|ERR_DLOPEN_FAILED|not a valid Win32|wrong ELF class|incompatible architecture/i
const NOT_BUILT = /MODULE_NOT_FOUND|Cannot find module|No native build|Could not locate the bindings/i
const NO_PLATFORM = /unsupported platform/i
const NO_PERMISSION = /\bE(?:PERM|ACCES)\b|not permitted|permission denied/i

/** What the kernel says of a socket or a device; `@abandonware` opens one when it is loaded. */
const ADAPTER_TROUBLE = /^E(?!RR_)[A-Z]+$/

/** Why the module is missing or failed. */
export function moduleError(role: RadioRole, stage: RadioStage, failure: ModuleFailure): HybridError {
  const { packages, cause } = failure
  if (failure.stage === 'absent')
    return new UnsupportedError('package-missing', `install ${packages.join(' or ')} for ${role.gerund}`)
  if (failure.stage === 'unfit') return unfitError(packages[0] ?? role.what)
  const code = cause !== undefined && 'code' in cause ? String(cause.code) : ''
  const name = packages.join(' or ')
  const text = `${code} ${cause?.message ?? ''}`
  const error = buildError(name, text, cause)
  if (error !== undefined) return error
  if (failure.stage === 'load' && !ADAPTER_TROUBLE.test(code))
    return new UnsupportedError('package-missing', `${name} could not be loaded${reason(cause)}`, { cause })
  return brokenError(role, stage, name, text, cause)
}

/** The package does not work on this system, but another one does. */
export function unfitError(packageName: string): UnsupportedError {
  return new UnsupportedError(
    'package-unfit',
    `${packageName} hands on no service data on Windows: install @stoprocent/noble`,
  )
}

/** The package is there, but its native half is not for this Node. */
function buildError(name: string, text: string, cause: Error | undefined): HybridError | undefined {
  if (NO_PLATFORM.test(text))
    return new UnsupportedError('capability-missing', `${name} does not know ${process.platform}`, { cause })
  if (OTHER_NODE.test(text))
    return new UnsupportedError(
      'package-missing',
      `${name} is built for another Node than ${process.version} ${process.arch}: run npm rebuild`,
      { cause },
    )
  if (NOT_BUILT.test(text))
    return new UnsupportedError(
      'package-missing',
      `${name} is installed without its native part: run npm rebuild, which needs a C++ compiler`,
      { cause },
    )
  return undefined
}

function brokenError(
  role: RadioRole,
  stage: RadioStage,
  name: string,
  text: string,
  cause: Error | undefined,
): HybridError {
  if (NO_PERMISSION.test(text)) return unauthorised(role, cause)
  if (stage === 'running')
    return new ProximityError('bluetooth-lost', `${name} broke down${reason(cause)}`, { cause })
  return new ProximityError('bluetooth-unavailable', `${name} could not start${reason(cause)}`, { cause })
}

/** The first line of a cause, for the end of a message. */
function reason(cause: Error | undefined): string {
  const [line = ''] = cause?.message.split('\n') ?? []
  return line === '' ? '' : `: ${line}`
}

/** What an adapter state means; undefined while it means nothing yet. */
export function stateError(role: RadioRole, stage: RadioStage, state: string): HybridError | undefined {
  const { what } = role
  switch (state) {
    case 'poweredOn':
      return undefined
    case 'poweredOff':
      return new ProximityError(
        'bluetooth-off',
        `${what} says that the adapter is off${stage === 'running' ? ' or was removed' : ''}`,
      )
    case 'unauthorized':
      return unauthorised(role)
    case 'unsupported':
      return stage === 'running'
        ? new ProximityError('bluetooth-lost', `${what} has lost its adapter`)
        : new ProximityError(
            'bluetooth-unavailable',
            `${what} finds no adapter that knows Bluetooth Low Energy`,
          )
    default:
      return stage === 'running'
        ? new ProximityError('bluetooth-lost', `${what} says that the adapter is ${state}`)
        : undefined
  }
}

function unauthorised(role: RadioRole, cause?: Error): HybridError {
  return new ProximityError('bluetooth-unauthorised', `${role.what} may not use the adapter${remedy()}`, {
    cause,
  })
}

/** What happened, or did not, when the start limit came. */
export function lateError(
  role: RadioRole,
  limitMs: number,
  last: 'loading' | 'silent' | 'poweredOn',
): HybridError {
  const { what } = role
  if (last === 'loading') return new ProximityError(role.failed, `${what} did not load within ${limitMs} ms`)
  if (last === 'poweredOn')
    return new ProximityError(role.failed, `${what} did not begin ${role.gerund} within ${limitMs} ms`)
  const message = `${what} said nothing about the adapter for ${limitMs} ms`
  // Windows asks no permission of desktop programs; elsewhere the modules are silent for ever without it.
  if (process.platform === 'win32') return new ProximityError('bluetooth-unavailable', message)
  return new ProximityError('bluetooth-unauthorised', `${message}, as it does without permission${remedy()}`)
}

/** How permission is given here, for the end of a message. */
function remedy(): string {
  if (process.platform === 'darwin')
    return ': allow the terminal or the app under System Settings, Privacy & Security, Bluetooth'
  if (process.platform === 'linux') return `: run setcap cap_net_raw,cap_net_admin+eip ${process.execPath}`
  return ''
}
