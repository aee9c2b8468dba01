import { defaultRadios } from '../../adapters/fallback/default-radios.js'
import { unlessAborted } from '../../async/unless-aborted.js'
import { HybridAuthenticator } from '../../authenticator/hybrid-authenticator.js'
import { HybridClient } from '../../client/hybrid-client.js'
import { UnsupportedError, UsageError } from '../../errors.js'
import { SECOND_MS } from '../../ports/clock.js'
import type { CtapHandler } from '../../ports/ctap-handler.js'
import type { Finding } from '../../ports/finding.js'
import type { TunnelDialer } from '../../ports/tunnel-dialer.js'
import type { Output } from '../output.js'
import { chooseAdvertiser, chooseScanner } from '../options/proximity.js'
import type { Surroundings } from '../surroundings.js'
import type { TunnelSettings } from '../options/tunnel.js'
import type { Environment } from './environment.js'
import type { DoctorFinding } from './finding.js'
import { otherServices } from './service-findings.js'
import { watchedAdvertiser, watchedScanner } from './watched-radio.js'
import type { Attempt } from './watched-radio.js'

export type ExaminedRole = 'client' | 'phone'

/** What a role says of itself. */
export interface RoleReport {
  readonly role: ExaminedRole
  readonly findings: readonly Finding[]
  /** Tunnel services that the role does not look at itself. */
  readonly elsewhere: readonly DoctorFinding[]
  /** The adapters that were tried, in order. */
  readonly attempts: readonly Attempt[]
  /** The tunnel service’s address, if it was dialled. */
  readonly dialled: URL | undefined
}

/** How to look at a role. */
export interface Examination {
  readonly surroundings: Surroundings
  readonly environment: Environment
  readonly output: Output
  readonly tunnel: TunnelSettings
  /** What `--scan` and `--advertise` say. */
  readonly scan: string
  readonly advertise: string
  readonly limitMs: number
}

/** Looks at a role once: starts its radio for a moment, asks the tunnel service and the clock. @throws UsageError `aborted`. */
export type Look = () => Promise<RoleReport>

/** @throws CommandLineError for an unknown name. */
export function lookAtClient(examination: Examination): Look {
  const { surroundings, environment, tunnel, scan } = examination
  const attempts: Attempt[] = []
  const make = (name: string): ReturnType<typeof chooseScanner> => chooseScanner(name, surroundings.stdin)
  const chosen = watchedScanner(radioNames(scan, defaultRadios(environment.platform).scan), make, attempts)
  return looking('client', attempts, examination, async noteDial => {
    const unnoted = surroundings.platform(platformChoice(examination))
    const platform = noted(unnoted, noteDial)
    const scanner = chosen ?? platform.scanner
    const client = new HybridClient({ ...platform, scanner, tunnelUrl: tunnel.tunnelUrl })
    const [findings, elsewhere] = await Promise.all([
      client.ready(),
      otherServices(unnoted, tunnel.tunnelUrl),
    ])
    return { findings, elsewhere }
  })
}

/** @throws CommandLineError for an unknown name. */
export function lookAtPhone(examination: Examination): Look {
  const { surroundings, environment, output, tunnel, advertise } = examination
  const attempts: Attempt[] = []
  const make = (name: string): ReturnType<typeof chooseAdvertiser> => chooseAdvertiser(name, output)
  const chosen = watchedAdvertiser(
    radioNames(advertise, defaultRadios(environment.platform).advertise),
    make,
    attempts,
  )
  return looking('phone', attempts, examination, async noteDial => {
    const platform = noted(surroundings.platform(platformChoice(examination)), noteDial)
    const advertiser = chosen ?? platform.advertiser
    const phone = { ...platform, advertiser, handler: NOBODY, tunnelUrl: tunnel.tunnelUrl }
    return { findings: await new HybridAuthenticator(phone).ready(), elsewhere: [] }
  })
}

/** A phone that is only looked at gets no requests. */
const NOBODY: CtapHandler = {
  getInfo: () => new Uint8Array(),
  handle: () => Promise.resolve(undefined),
}

/** Of no names for `auto`, the platform says why. */
function radioNames(how: string, defaults: readonly string[]): readonly string[] {
  return how === 'auto' ? defaults : [how]
}

function platformChoice({ tunnel, environment, limitMs }: Examination): {
  readonly tunnel: TunnelSettings['dialer']
  readonly platform: NodeJS.Platform
} {
  return {
    tunnel: { ...tunnel.dialer, handshakeTimeoutMs: limitMs },
    platform: environment.platform,
  }
}

type NoteDial = (url: URL) => void

type Looked = Pick<RoleReport, 'findings' | 'elsewhere'>

/** The same platform, whose dialer tells where it is sent. */
function noted<Platform extends { readonly dialer: TunnelDialer }>(
  platform: Platform,
  noteDial: NoteDial,
): Platform {
  const { dialer } = platform
  const dial: TunnelDialer['dial'] = (request, listener) => {
    noteDial(new URL(request.url))
    return dialer.dial(request, listener)
  }
  return { ...platform, dialer: { ...dialer, dial } }
}

function looking(
  role: ExaminedRole,
  attempts: readonly Attempt[],
  examination: Examination,
  ready: (noteDial: NoteDial) => Promise<Looked>,
): Look {
  return async () => {
    let dialled: URL | undefined
    const look = (): Promise<Looked> => ready(url => (dialled = url))
    try {
      return { role, attempts, ...(await givenUpAfter(examination, look)), dialled }
    } catch (error) {
      if (!(error instanceof UnsupportedError)) throw error
      const { message: detail, code, cure } = error
      const findings = [{ check: 'radio', ok: false, detail, code, cure }] as const
      return { role, attempts, findings, elsewhere: [], dialled }
    }
  }
}

/** Each radio has its own limit; this one is for a radio that does not keep to it. @throws UsageError `aborted`. */
async function givenUpAfter(
  { surroundings, limitMs }: Examination,
  ready: () => Promise<Looked>,
): Promise<Looked> {
  const tooLate = AbortSignal.timeout(limitMs)
  const stop = AbortSignal.any([surroundings.signal, tooLate])
  const looked = await unlessAborted(stop, ready)
  if (looked !== undefined) return looked
  if (tooLate.aborted) return { findings: [unfinished(limitMs)], elsewhere: [] }
  throw new UsageError('aborted', 'interrupted', { cause: stop.reason })
}

function unfinished(limitMs: number): Finding {
  return {
    check: 'radio',
    ok: false,
    detail: `there was no result after ${limitMs / SECOND_MS} s`,
    code: 'ble-scan-failed',
    cure: 'Restart the Bluetooth service of this machine, or give more time with --timeout.',
  }
}
