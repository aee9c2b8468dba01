import { UnsupportedError } from '../../errors.js'

type Argument = number | string | ArrayBufferView

/** A function of the C library. */
export type NativeFunction = (...args: readonly Argument[]) => number

interface PollInterest {
  readonly readable: boolean
  readonly writable: boolean
}

/**
 * libuv’s `uv_poll`. Neither `start` nor `stop` may be called after `close`: that is a segmentation fault. Two handles of one
 * descriptor, or one of what is not a socket, end the process.
 */
export interface PollHandle {
  start(interest: PollInterest, ready: PollCallback): void
  stop(): void
  close(): void
}

/** What koffi really calls, whatever its types say: a negative status is an error, after which libuv has stopped the handle. */
type PollCallback = (status: number, events: unknown) => void

/** What we use of koffi. */
export interface Koffi {
  readonly version: string
  /** @param path null: the program itself, which has its C library, whichever that is. */
  load(path: null): { func(definition: string): NativeFunction }
  /** The one of the last synchronous call. */
  errno(): number
  readonly node: { poll(descriptor: number, interest: PollInterest, ready: PollCallback): PollHandle }
}

/** The range of the optional peer in package.json. `node.poll` is undocumented: what it does is tested with these versions. */
export const KOFFI_RANGE = '>=3.3.4 <4'
const FIRST_VERSION = [3, 3, 4] as const

/** @throws UnsupportedError `package-missing` or `package-unfit`. */
export async function loadKoffi(): Promise<Koffi> {
  return fitKoffi(await importKoffi())
}

async function importKoffi(): Promise<unknown> {
  try {
    return await import('koffi')
  } catch (cause) {
    const message = `a data channel over Bluetooth needs the package koffi: npm install "koffi@${KOFFI_RANGE}"`
    throw new UnsupportedError('package-missing', message, { cause })
  }
}

/** @throws UnsupportedError `package-unfit` for another version, or one without `node.poll`. */
export function fitKoffi(found: unknown): Koffi {
  if (isKoffi(found)) return found
  const version = String(memberOf(found, 'version'))
  const message = `koffi ${version} is not one that data channels are tested with: npm install "koffi@${KOFFI_RANGE}"`
  throw new UnsupportedError('package-unfit', message)
}

function isKoffi(found: unknown): found is Koffi {
  const version = memberOf(found, 'version')
  const poll = memberOf(memberOf(found, 'node'), 'poll')
  return typeof version === 'string' && isInRange(version) && typeof poll === 'function'
}

function isInRange(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.', 3).map(part => Number.parseInt(part, 10))
  const [ownMajor, ownMinor, ownPatch] = FIRST_VERSION
  return major === ownMajor && (minor > ownMinor || (minor === ownMinor && patch >= ownPatch))
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
