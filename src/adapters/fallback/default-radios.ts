/** A way to hear adverts. */
export type ScannerName = 'bluez' | 'noble'

/** A way to send adverts. */
export type AdvertiserName = 'bluez' | 'bleno'

interface DefaultRadios {
  readonly scan: readonly [ScannerName, ...ScannerName[]]
  /** Empty where the library cannot advertise. */
  readonly advertise: readonly AdvertiserName[]
}

const LINUX: DefaultRadios = { scan: ['bluez', 'noble'], advertise: ['bluez', 'bleno'] }
const ELSEWHERE: DefaultRadios = { scan: ['noble'], advertise: [] }

/** What is tried on a system, in turn. */
export function defaultRadios(platform: NodeJS.Platform): DefaultRadios {
  return platform === 'linux' ? LINUX : ELSEWHERE
}
